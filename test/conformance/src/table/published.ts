import type { CONNECT_FEATURES, CONNECT_SUITES } from "./connect.js";
import type { GRPC } from "./grpc.js";

type Names<T> = { [S in keyof T & string]: `${S}: ${keyof T[S] & string}` }[keyof T & string];

/** A feature of Connect or a case of gRPC by its name there, behind its suite's. */
export type Published = Names<typeof CONNECT_FEATURES> | Names<typeof CONNECT_SUITES> | Names<typeof GRPC>;
