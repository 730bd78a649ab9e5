import { Command, CommanderError } from "commander";
import { build } from "./build.js";
import { gen } from "./gen.js";
import { type InitFlags, init } from "./init.js";
import { type Io, Refusal } from "./io.js";
import { type Flags, settle } from "./options.js";
import { reportRefusal } from "./report.js";

const EXAMPLES = `
Examples:
  $ ts2go init greeter                                   a project that runs: npm install, npm start
  $ ts2go gen src/greeter.ts --out src/gen --go gen      write the TypeScript client and the Go package
  $ ts2go gen --check                                    for CI: fail if generated code is not up to date
  $ ts2go build                                          generate, then build the Go program
  $ ts2go dev                                            the same whenever a source changes
  $ ts2go doctor                                         what is missing here, and the command that mends it

Paths that are left away are read from the nearest package.json:
  "ts2go": { "file": "src/greeter.ts", "out": "src/gen", "go": "gen", "main": ".", "binary": "bin/greeter" }
`;

/** Runs the command with these arguments; gives the exit code. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let code = 0;
  const program = commands(io, (result) => {
    code = result;
  });
  try {
    if (argv.length === 0) {
      program.outputHelp();
      return 0;
    }
    await program.parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    // Commander has shown its own message already.
    if (error instanceof CommanderError) return error.exitCode;
    if (!(error instanceof Refusal)) throw error;
    reportRefusal(io, error);
    return 1;
  }
}

function commands(io: Io, done: (code: number) => void): Command {
  const program = new Command("ts2go")
    .description("Call Go from TypeScript: write an interface, get an async client and a Go interface to implement.")
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) })
    .showHelpAfterError("(ts2go --help shows how)")
    .addHelpText("after", EXAMPLES);
  program
    .command("init")
    .description("write a project that runs")
    .argument("<name>", "its folder, which must not be there or be empty")
    .option("--link <dir>", "use this checkout of ts2go instead of what is published (default: the one that runs)")
    .action((name: string, flags: InitFlags) => done(init(io, name, flags)));
  shared(program.command("gen"))
    .description("write the TypeScript client and the Go package of an interface file")
    .option("--check", "write nothing; fail and name each file that is not up to date")
    .action((file: string | undefined, flags: Flags) => done(gen(io, settle(io, file, flags), flags.check === true)));
  shared(program.command("build"))
    .description("generate, then build the Go program; skipped when nothing changed")
    .option("--main <dir>", "folder of the Go program (package main)")
    .action((file: string | undefined, flags: Flags) => done(build(io, settle(io, file, flags))));
  shared(program.command("dev"))
    .description("generate and build again whenever a source changes; running programs take over each build")
    .option("--main <dir>", "folder of the Go program (package main)")
    .action(async (file: string | undefined, flags: Flags) => {
      // Only here: what watches is not wanted by those that build once.
      const { dev } = await import("./dev.js");
      done(await dev(io, settle(io, file, flags)));
    });
  shared(program.command("doctor"))
    .description("say what is missing on this machine and in this project, and the command that mends it")
    .option("--main <dir>", "folder of the Go program (package main)")
    .option("--json", "for programs: every check as JSON")
    .addHelpText("after", "\nThe Go program is started once, to see that it does. Fails if there is a problem.")
    .action(async (file: string | undefined, flags: Flags & { json?: boolean }) => {
      const { doctor } = await import("./doctor/index.js");
      done(doctor(io, file, flags, flags.json === true));
    });
  return program;
}

/** The options that every command has. */
function shared(command: Command): Command {
  return command
    .argument("[file]", "the interface file")
    .option("--out <dir>", "folder of the TypeScript client")
    .option("--go <dir>", "folder of the Go package")
    .option("--binary <path>", "the Go program that the client starts (default: bin/ and the file's name)")
    .option(
      "--compat",
      "let client and Go program of different versions go together, if all that was added is optional fields at the end",
    );
}
