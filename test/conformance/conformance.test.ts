import { afterAll, beforeAll, describe, test } from "vitest";
import { GROUPS } from "./src/cases/index.js";
import { lackOf, TRANSPORTS } from "./src/transports/index.js";
import type { Seat } from "./src/transports/seat.js";

for (const transport of TRANSPORTS) {
  describe(`over ${transport.name}`, () => {
    let seat: Seat;
    beforeAll(() => {
      seat = transport.open();
    });
    afterAll(() => seat.end());
    for (const { title, cases } of GROUPS) {
      describe(title, () => {
        for (const { name, needs } of cases) {
          const lack = lackOf(transport, needs);
          if (lack === undefined) test(name, () => seat.run(`${title}: ${name}`));
          else test.skip(`${name} (${lack})`);
        }
      });
    }
  });
}
