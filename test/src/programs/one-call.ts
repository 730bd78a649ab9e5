// Awaits one call and ends, without closing anything.
import { trust } from "../gen/trust.js";

console.log(await trust.add(40, 2));
