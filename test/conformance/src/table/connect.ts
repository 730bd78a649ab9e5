import { CASES, group, inapplicable, unwanted } from "./row.js";

/** Where Connect publishes what is listed here, and as of which commit. */
const REPOSITORY = "https://github.com/connectrpc/conformance/tree/3f01b2e405c20f0c5d230cc04c88060bbc72e3f6";
export const CONNECT_FEATURES_URL = `${REPOSITORY}/proto/connectrpc/conformance/v1/config.proto`;
export const CONNECT_SUITES_URL = `${REPOSITORY}/internal/app/connectconformance/testsuites/data`;

const NO_HTTP = "there is no HTTP beneath a call";
const NO_TRAILERS =
  "metadata goes with a call, and none comes back: what its caller is to know is a result, or an error with a code and details";
const ONE_VALUE = "a key has one value: keys and values are an object in TypeScript, and a map in Go";

/** The fields of Connect's `Features` message, in its order. */
export const CONNECT_FEATURES = {
  "Connect features": {
    versions: inapplicable(`${NO_HTTP}; the handshake has a protocol version of its own`),
    protocols: inapplicable("there is one protocol of calls; the transports are the columns of this table"),
    codecs: group("Values"),
    compressions: inapplicable("bodies are read where they lie in shared memory"),
    "stream_types: unary": group("Calls"),
    "stream_types: client stream": group("Streams to Go"),
    "stream_types: server stream": group("Streams from Go"),
    "stream_types: half duplex bidi stream": CASES,
    "stream_types: full duplex bidi stream": group("Streams both ways"),
    supports_h2c: inapplicable(NO_HTTP),
    supports_tls: inapplicable("memory that two processes of one user share crosses no network"),
    supports_tls_client_certs: inapplicable("as TLS; the program that serves is a child of the one that calls"),
    supports_trailers: unwanted(NO_TRAILERS),
    supports_half_duplex_bidi_over_http1: inapplicable(NO_HTTP),
    supports_connect_get: inapplicable(NO_HTTP),
    supports_message_receive_limit: group("Sizes"),
  },
} as const;

/** Connect's suites in the order of their files, and their tests in the order of each; those of a kind in one row. */
export const CONNECT_SUITES = {
  Basic: {
    "unary/success": CASES,
    "client-stream/success": CASES,
    "client-stream/no-requests (disabled there)": CASES,
    "server-stream/success": CASES,
    "server-stream/no-responses": CASES,
    "bidi-stream/full-duplex/success": CASES,
    "bidi-stream/half-duplex/success": CASES,
    "bidi-stream/half-duplex/no-requests (disabled there)": CASES,
    "bidi-stream/half-duplex/no-responses": CASES,
    unimplemented: CASES,
  },
  "Client Cancellation": {
    "unary/cancel-after-close-send": CASES,
    "client-stream/cancel-before-close-send": CASES,
    "client-stream/cancel-after-close-send": CASES,
    "server-stream/cancel-after-close-send": CASES,
    "server-stream/cancel-after-responses": CASES,
    "bidi-stream/full-duplex/cancel-after-responses": CASES,
    "bidi-stream/full-duplex/cancel-before-close-send": CASES,
    "bidi-stream/full-duplex/cancel-after-close-send": CASES,
    "bidi-stream/half-duplex/cancel-after-responses": CASES,
    "bidi-stream/half-duplex/cancel-before-close-send": CASES,
    "bidi-stream/half-duplex/cancel-after-close-send": CASES,
  },
  "HTTP to RPC Code Mapping": { "all 14": inapplicable(NO_HTTP) },
  "Unexpected Responses": {
    "unmapped-http-status-code, nonexistent-http-status-code": inapplicable(NO_HTTP),
  },
  "Connect to HTTP Code Mapping": { "all 20": inapplicable(NO_HTTP) },
  "Connect Compressed Error and End-Stream": { "error, end-stream": inapplicable("there is no compression") },
  "Connect Empty Responses": {
    "unary/empty-response": CASES,
    "client-stream/empty-response": CASES,
    "server-stream/empty-response": CASES,
    "bidi-stream/half-duplex/empty-response": CASES,
  },
  "Connect Error and End-Stream": {
    "error/null, null-code, missing-code, unrecognized-code": CASES,
    "error/missing-message": CASES,
    "error/allow-unrecognized-fields, details (4)": CASES,
    "end-stream/null-error, null-code, missing-code, unrecognized-code, missing-message": CASES,
    "end-stream/allow-unrecognized-fields, details (3)": CASES,
  },
  "Connect Unexpected Responses": {
    "unexpected-error-body": CASES,
    "client-stream/ok-but-no-response, multiple-responses": inapplicable(
      "a completion is one entry with its result; no API of a handler could leave it out or repeat it",
    ),
    "no-end-stream (3)": CASES,
    "unexpected-content-type, codec, stream-codec, compression, compressed-message": inapplicable(
      "the layout is settled at the handshake: see Life cycle",
    ),
  },
  "Connect Unexpected Requests": {
    "server-stream/no-request, multiple-requests": inapplicable("a request is one entry with its arguments"),
    "unexpected-verb, uri": inapplicable(NO_HTTP),
    "unexpected-codec, compression, compressed-message": CASES,
  },
  "Connect with GET": { success: inapplicable(NO_HTTP) },
  "Deadline Propagation": {
    "unary/success": CASES,
    "client-stream/success": CASES,
    "server-stream/success": CASES,
    "bidi-stream/full-duplex/success": CASES,
  },
  "Duplicate Metadata": { "all 14": unwanted(`${ONE_VALUE}; ${NO_TRAILERS}`) },
  Errors: {
    "unary/canceled to unauthenticated (16 codes)": CASES,
    "unary/error-with-metadata": unwanted(NO_TRAILERS),
    "unary/unicode-error-message": CASES,
    "server-stream/canceled to unauthenticated (16 codes)": CASES,
    "server-stream/error-with-metadata": unwanted(NO_TRAILERS),
    "server-stream/error-with-responses": CASES,
    "server-stream/error-with-no-responses": CASES,
    "client-stream/error-one-request": CASES,
    "client-stream/error-with-metadata": unwanted(NO_TRAILERS),
    "client-stream/error-multiple-requests": CASES,
    "bidi-stream/error-with-metadata": unwanted(NO_TRAILERS),
    "bidi-stream/full-duplex/error-with-responses": CASES,
    "bidi-stream/full-duplex/error-no-responses": CASES,
    "bidi-stream/half-duplex/error-with-responses": CASES,
    "bidi-stream/half-duplex/error-with-no-responses": CASES,
  },
  "gRPC and gRPC-Web suites (13 files)": {
    "Empty Responses": inapplicable("as Connect Empty Responses, in another encoding"),
    "Proto Sub-Format": inapplicable(NO_HTTP),
    "Trailers, Compressed Trailers": inapplicable(NO_HTTP),
    "Unexpected Responses, Unexpected Requests": inapplicable("as Connect's, in another encoding"),
  },
  "Server Empty Requests": {
    "unary/empty-request": CASES,
    "client-stream/empty-request": CASES,
    "server-stream/empty-request": CASES,
    "bidi-stream/half-duplex/empty-request": CASES,
  },
  "Server Message Size": {
    "unary/request-equal-to-server-limit": CASES,
    "unary/request-exceeds-server-limit": CASES,
    "client-stream/all-requests-equal-to-server-limit": CASES,
    "client-stream/first-request-exceeds-server-limit": CASES,
    "client-stream/subsequent-request-exceeds-server-limit": CASES,
    "server-stream/request-equal-to-server-limit": inapplicable("the request of a stream is that of a call"),
    "server-stream/request-exceeds-server-limit": CASES,
    "bidi-stream (5)": CASES,
  },
  "Unexpected Requests": { "unexpected-content-type": inapplicable(NO_HTTP) },
  Timeouts: {
    unary: CASES,
    "client-stream": CASES,
    "server-stream": CASES,
    "bidi-stream/full-duplex": CASES,
    "bidi-stream/half-duplex": CASES,
  },
  "TLS Client Certs": { "client-stream": inapplicable("there is no TLS") },
} as const;
