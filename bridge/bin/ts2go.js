#!/usr/bin/env node
// The command of @x/ts2go lives in @x/ts2go-codegen, so that a program that only calls Go never loads the compiler.
import { main } from "@x/ts2go-codegen";

process.exitCode = await main(process.argv.slice(2));
