// Makes @x/mem-ring/process wait as it does where there is no libuv.
import { native } from "@x/mem-ring/channel";

native.watchReadable = native.watchByThread;
