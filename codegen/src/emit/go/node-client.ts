import { methodLayout } from "../../layout/index.js";
import type { ModelMethod, ModelService, Type } from "../../schema/index.js";
import { Code } from "../code.js";
import type { GoPackage } from "./package.js";
import { ValueReader } from "./read.js";
import { ValueSizer } from "./size.js";
import { quote } from "./strings.js";
import { Target } from "./target.js";
import { ValueWriter } from "./write.js";

/** The client of an interface that TypeScript implements: how to get it, and its methods. */
export function emitNodeClient(go: GoPackage, service: ModelService): Code[] {
  const { of, type } = go.names.client(service.name);
  const name = go.names.type(service.name);
  const context = go.use("context");
  const ts2go = go.use("ts2go");
  const out = new Code("\t");
  out.line(
    `// ${of} returns the ${name} of the client that made the call whose context this is, or was: it can be kept, and`,
  );
  out.line("// used from any goroutine, also after the handler has returned. It panics where ctx comes from no call.");
  out.block(`func ${of}(ctx ${context}.Context) ${name} {`, "}", () => {
    out.line(`return ${type}{${ts2go}.NodeOf(ctx)}`);
  });
  const struct = new Code("\t").line(`type ${type} struct{ node *${ts2go}.Node }`);
  const methods = service.methods.map((method, index) => {
    return emitMethod(go, service, method, type, go.names.methods(service)[index] as string);
  });
  return [out, struct, ...methods];
}

function emitMethod(go: GoPackage, service: ModelService, method: ModelMethod, type: string, name: string): Code {
  const out = new Code("\t");
  const { params, size, inline, result } = methodLayout(go.layouts, method);
  const variables = go.names.variables(method);
  const written = method.params.map((param, at) => {
    return `${variables[at]} ${go.isStruct(param.type) ? "*" : ""}${go.text(param.type)}`;
  });
  const all = ["ctx context.Context", ...written].join(", ");
  const returns = method.oneway
    ? ""
    : method.result === undefined
      ? " error"
      : ` (result ${go.text(method.result)}, err error)`;
  return out.block(`func (n ${type}) ${name}(${all})${returns} {`, "}", () => {
    out.line(`c := n.node.Call(ctx, ${method.index}, ${quote(`${service.name}.${method.name}`)})`);
    out.line("defer c.End()");
    const targets = params.map(({ param, offset }, at) => {
      const variable = variables[at] as string;
      return { type: param.type, offset, from: new Target(go.isStruct(param.type) ? `*${variable}` : variable) };
    });
    if (params.length > 0) emitRequest(go, targets, { size, inline }, out);
    if (method.oneway) out.line("c.Send()");
    else if (method.result === undefined || result === undefined) {
      out.line("_, err := c.Do(0)").line("return err");
    } else {
      out.line(`r, err := c.Do(${result.size})`);
      out.block("if err != nil {", "}", () => out.line("return result, err"));
      new ValueReader(go, out).read(method.result, "0", new Target("result"));
      out.line("return result, c.Read()");
    }
  });
}

interface Argument {
  readonly type: Type;
  readonly offset: number;
  readonly from: Target;
}

function emitRequest(
  go: GoPackage,
  args: readonly Argument[],
  layout: { readonly size: number; readonly inline: boolean },
  out: Code,
): void {
  const write = (): void => {
    const writer = new ValueWriter(go, out);
    for (const { type, offset, from } of args) writer.write(type, String(offset), from);
  };
  if (layout.inline) {
    out.line("w := c.Inline()");
    write();
    return;
  }
  out.line(`z := ${go.use("image")}.NewSizer(${layout.size})`);
  const sizer = new ValueSizer(go, out, "&z");
  for (const { type, from } of args) sizer.size(type, from);
  // Where there is no room, Do says so.
  out.block(`if w := c.Alloc(&z, ${layout.size}); w != nil {`, "}", write);
}
