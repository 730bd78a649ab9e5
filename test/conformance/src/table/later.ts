/** Groups that have no cases yet, because the feature is not there yet. A line moves to `cases` with its first case. */
export const LATER: readonly { readonly title: string; readonly about: string }[] = [
  { title: "Interceptors", about: "code around every call, at both ends" },
  { title: "Trace context", about: "the W3C's, through both ends" },
];
