// Provides an implementation that Go goes on calling: that alone keeps no program alive.
import { provide } from "@x/ts2go";
import { Host, nest } from "../gen/trust.js";

const nothing = () => {
  throw new Error("not called");
};
provide(Host, {
  note: nothing,
  echo: nothing,
  add: (a, b) => a + b,
  join: nothing,
  bytes: nothing,
  paint: nothing,
  nothing,
  misbehave: nothing,
  down: nothing,
  patience: nothing,
});
await nest.goOn(2 ** 31);
await nest.add(1, 2);
console.log("answered");
