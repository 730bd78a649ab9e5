// Ends right after a call that prints.
import { trust } from "../gen/trust.js";

trust.print("out\n", "err\n");
