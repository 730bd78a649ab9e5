import { inspect } from "@x/ts2go";
import { demo } from "./gen/demo.js";

const users = [
  { name: "ada", age: 36 },
  { name: "grace", age: 45 },
];
demo.oneway({ name: "linus", age: 12 });
console.log(await demo.check({ users, balabala: new Uint8Array(16) }));
console.log(await demo.checkSlowly({ users: [{ name: "bob", age: 3 }], balabala: new Uint8Array(16) }));
console.log(inspect(demo));
