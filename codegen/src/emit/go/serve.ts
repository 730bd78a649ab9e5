import { methodLayout } from "../../layout/index.js";
import type { ListType, ModelMethod, ModelService, Type } from "../../schema/index.js";
import { Code } from "../code.js";
import { ValueChecker } from "./check.js";
import type { GoPackage } from "./package.js";
import { ValueReader } from "./read.js";
import { ValueSizer } from "./size.js";
import { quote } from "./strings.js";
import { Target } from "./target.js";
import { ValueWriter } from "./write.js";

/** The function that registers an implementation of a service. */
export function emitServe(go: GoPackage, service: ModelService): Code {
  const out = new Code("\t");
  const name = go.names.serve(service.name);
  const type = go.names.type(service.name);
  const methods = go.names.methods(service);
  out.line(`// ${name} makes impl callable from TypeScript; pass the result to ts2go.Main.`);
  return out.block(`func ${name}(impl ${type}) *${go.use("ts2go")}.Service {`, "}", () => {
    out.block("return &ts2go.Service{", "}", () => {
      out.line(`Name:   ${quote(service.name)},`).line("Schema: &schema,");
      out.block("Methods: []ts2go.Method{", "},", () => {
        service.methods.forEach((method, index) => {
          const streams = method.streams || method.items !== undefined ? ", Streams: true" : "";
          const leases = methodLayout(go.layouts, method).leases ? ", Leases: true" : "";
          const about = `Index: ${method.index}, Name: ${quote(`${service.name}.${method.name}`)}${streams}${leases}`;
          out.block(`{${about}, Serve: func(ctx context.Context, c *ts2go.Call) error {`, "}},", () => {
            emitBody(go, method, methods[index] as string, out);
          });
        });
      });
    });
  });
}

/** Request in, handler, result out. */
function emitBody(go: GoPackage, method: ModelMethod, name: string, out: Code): void {
  const all = go.names.variables(method);
  const { items } = method;
  const variables = all.filter((_, index) => index !== items?.at);
  const { size, refs, params, lends, result } = methodLayout(go.layouts, method);
  if (params.length > 0) {
    const owned = refs && !params.some(({ param }) => param.borrow);
    out.line(`r := c.${owned ? "OwnRequest" : "Request"}(${size})`);
    if (lends) out.line("c.LeasedRequest(r)");
    const reader = new ValueReader(go, out);
    params.forEach(({ param, offset }, index) => {
      const variable = variables[index] as string;
      // A constant is as good as borrowed, and safer.
      if (param.borrow && !go.isConstant(param.type)) emitBorrow(go, out, reader, variable, param.type, String(offset));
      else reader.declare(variable, param.type, String(offset));
    });
    returnIfFault(out, "r.Err()");
  }
  if (items !== undefined) emitItems(go, out, all[items.at] as string, items.type);
  const call = `impl.${name}(${["ctx", ...all].join(", ")})`;
  if (method.streams) emitStream(go, out, call, method.result as ListType);
  else if (method.oneway) out.line(call).line("return nil");
  else if (method.result === undefined || result === undefined) out.line(`return ${call}`);
  else {
    out.line(`result, err := ${call}`);
    out.block("if err != nil {", "}", () => out.line("return err"));
    emitResult(go, method.result, result, out);
  }
}

/** The argument stream, as something to range over: each batch is decoded when the handler comes to it. */
function emitItems(go: GoPackage, out: Code, variable: string, type: ListType): void {
  const open = `${variable} := ts2go.ReceiveAll(ctx, c, func(r *${go.use("image")}.Reader) (batch ${go.text(type)}) {`;
  out.block(open, "})", () => {
    new ValueReader(go, out).read(type, "0", new Target("batch"));
    out.line("return batch");
  });
}

/** The result stream: what the handler yields is sent in batches. */
function emitStream(go: GoPackage, out: Code, call: string, type: ListType): void {
  const batch = new Target("batch");
  const text = go.text(type);
  out.block(`size := func(z *${go.use("image")}.Sizer, batch ${text}) {`, "}", () => {
    new ValueSizer(go, out).size(type, batch);
  });
  out.block(`write := func(w *image.Writer, batch ${text}) {`, "}", () => {
    new ValueWriter(go, out).write(type, "0", batch);
  });
  out.line(`return ts2go.SendAll(ctx, c, ${call}, size, write)`);
}

/** In place where the image's pointers are addresses here; where the region is mapped elsewhere, a copy. */
function emitBorrow(go: GoPackage, out: Code, reader: ValueReader, variable: string, type: Type, at: string): void {
  const struct = go.isStruct(type);
  out.line(`var ${variable} ${struct ? "*" : ""}${go.text(type)}`);
  out.branches(
    "if r.InPlace() {",
    () => new ValueChecker(go, out).borrow(variable, type, at),
    () => {
      if (struct) out.line(`${variable} = new(${go.text(type)})`);
      reader.read(type, at, new Target(struct ? `*${variable}` : variable));
    },
  );
}

function emitResult(go: GoPackage, type: Type, layout: { size: number; inline: boolean }, out: Code): void {
  const target = new Target("result");
  if (layout.inline) {
    out.line("w := c.Inline()");
    new ValueWriter(go, out).write(type, "0", target);
    out.line(go.canFail(type) ? "return w.Err()" : "return nil");
    return;
  }
  out.line(`z := ${go.use("image")}.NewSizer(${layout.size})`);
  new ValueSizer(go, out, "&z").size(type, target);
  out.line(`w, err := c.Alloc(&z, ${layout.size})`);
  out.block("if err != nil {", "}", () => out.line("return err"));
  new ValueWriter(go, out).write(type, "0", target);
  out.line("return w.Err()");
}

function returnIfFault(out: Code, fault: string): void {
  out.block(`if err := ${fault}; err != nil {`, "}", () => out.line("return err"));
}
