import { CASES, inapplicable } from "./row.js";

/** Where gRPC publishes what is listed here, and as of which commit. */
export const GRPC_URL =
  "https://github.com/grpc/grpc/blob/001ff21bc24dd4f6e456ffca97710aa80097f855/doc/interop-test-descriptions.md";

const NO_COMPRESSION = "there is no compression";
const NO_CREDENTIALS = "who may call is who may start the program; there are no credentials";

/** The client's cases of gRPC's interoperability tests in their order, then those on its list to be written. */
export const GRPC = {
  gRPC: {
    empty_unary: CASES,
    cacheable_unary: inapplicable("there is no proxy between the two ends"),
    large_unary: CASES,
    client_compressed_unary: inapplicable(NO_COMPRESSION),
    server_compressed_unary: inapplicable(NO_COMPRESSION),
    client_streaming: CASES,
    client_compressed_streaming: inapplicable(NO_COMPRESSION),
    server_streaming: CASES,
    server_compressed_streaming: inapplicable(NO_COMPRESSION),
    ping_pong: CASES,
    empty_stream: CASES,
    compute_engine_creds: inapplicable(NO_CREDENTIALS),
    jwt_token_creds: inapplicable(NO_CREDENTIALS),
    oauth2_auth_token: inapplicable(NO_CREDENTIALS),
    per_rpc_creds: inapplicable(NO_CREDENTIALS),
    custom_metadata: CASES,
    status_code_and_message: CASES,
    unimplemented_method: CASES,
    unimplemented_service: CASES,
    cancel_after_begin: CASES,
    cancel_after_first_response: CASES,
    timeout_on_sleeping_server: CASES,
    "concurrent_large_unary (to be written there)": CASES,
    "flow control: pushback at client (to be written there)": CASES,
    "multiple thousand simultaneous calls (to be written there)": CASES,
    "cancel before start (to be written there)": CASES,
    "cancel after sent first message (to be written there)": CASES,
    "timeout but completed before expire (to be written there)": CASES,
    "multiple thousand simultaneous calls timeout (to be written there)": CASES,
    "flow control: pushback at server (to be written there)": CASES,
    "going over max concurrent streams (to be written there)": CASES,
    "start streaming RPC but send no requests, server responds (to be written there)": CASES,
    "resilience to buggy servers (postponed there)": CASES,
    "reconnect after transport failure (postponed there)": CASES,
    "reconnect backoff, fuzz testing (postponed there)": inapplicable("no behaviour of a call: bridge/test and test"),
  },
} as const;
