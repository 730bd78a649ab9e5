import { basename } from "node:path";
import { refuseBorrowing } from "./borrowing.js";
import type { Context } from "./context.js";
import { type Diagnostic, Faults, samePlace } from "./diagnostics.js";
import { refuseEndless } from "./endless.js";
import { NO_ENV } from "./generics.js";
import { refuseLeasing } from "./leasing.js";
import type { ListType, Model, ModelMethod, ModelService } from "./model.js";
import { isOwn } from "./origin.js";
import { openInterface, typescriptFaults } from "./project.js";
import { readServices } from "./services.js";
import { type Settled, TypeTable } from "./table.js";
import { settleTags } from "./tags.js";
import { stem } from "./words.js";

/** An interface file, or every fault in it. */
export type Reading = { readonly model: Model } | { readonly diagnostics: readonly Diagnostic[] };

/**
 * Reads an interface file and what it imports. TypeScript's own errors come first; broken syntax is all that is
 * reported, since nothing behind it can be trusted.
 */
export function readInterfaceFile(path: string): Reading {
  const file = openInterface(path);
  const own = typescriptFaults(file);
  if (own.syntax) return { diagnostics: own.faults };
  const context: Context = {
    faults: new Faults(),
    table: new TypeTable(),
    open: new Set(),
    files: new Set([file]),
    env: NO_ENV,
    borrowed: [],
    unleased: [],
  };
  // An import that TypeScript could not find explains a missing GoService better than we could.
  const { services, nodeServices } = readServices(context, file, own.faults.length > 0);
  settleTags(context);
  refuseEndless(context);
  refuseBorrowing(context);
  refuseLeasing(context);
  const typescript = [...context.files].filter(isOwn).flatMap((one) => typescriptFaults(one).faults);
  if (typescript.length > 0 || context.faults.any) {
    const ours = context.faults.sorted(file.getFilePath());
    // Where both speak of one place (a field without a type), ours says what to do.
    const theirs = typescript.filter((fault) => !ours.some((one) => samePlace(one, fault)));
    return { diagnostics: [...theirs, ...ours] };
  }
  const all = [...services, ...nodeServices];
  const settled = context.table.settle(
    file.getFilePath(),
    all.map((service) => service.name),
    all.flatMap(({ methods }) =>
      methods.flatMap(({ params, items, result }) => [
        ...params.map((param) => param.type),
        ...(items === undefined ? [] : [items.type]),
        ...(result === undefined ? [] : [result]),
      ]),
    ),
  );
  return {
    model: {
      name: stem(basename(path)),
      file: file.getFilePath(),
      types: settled.types,
      services: services.map((service) => settleService(service, settled)),
      nodeServices: nodeServices.map((service) => settleService(service, settled)),
    },
  };
}

function settleService(service: ModelService, { rename }: Settled): ModelService {
  const settleMethod = (method: ModelMethod): ModelMethod => ({
    ...method,
    params: method.params.map((param) => ({ ...param, type: rename(param.type) })),
    ...(method.items === undefined ? {} : { items: { ...method.items, type: rename(method.items.type) as ListType } }),
    ...(method.result === undefined ? {} : { result: rename(method.result) }),
  });
  return { ...service, methods: service.methods.map(settleMethod) };
}
