// Imports the client and does nothing with it.
import { trust } from "../gen/trust.js";
import { children } from "../resources.js";

if (trust === undefined) throw new Error("no client");
console.log(children(process.pid).length === 0 ? "no child" : "a child");
