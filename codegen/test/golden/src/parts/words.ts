/** The words under other names: what counts is where they come from. */
export type { Borrow as InPlace, GoService as Service, u8 as Byte, u32 } from "@x/ts2go";
