/** Why there is no C++ end, for the names of tests; undefined where there is one. */
export const withoutCpp: string | undefined;

/** Where the peers in Go and C++ are, once {@link build} has built them. */
export const built: { readonly go: string; readonly cpp: string };

/** Builds them into a temporary directory. Rejects with what the compiler says. */
export function build(): Promise<void>;

/** Removes that directory. */
export function removeBuilt(): void;
