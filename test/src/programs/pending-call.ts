// Leaves a call in flight: the program has to stay alive until it is answered.
import { trust } from "../gen/trust.js";

trust.sleep(300).then((ms) => console.log(ms));
