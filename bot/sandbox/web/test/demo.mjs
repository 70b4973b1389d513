// Starts the demo and a browser for it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

// patience is how many milliseconds anything may take, for nothing is to fail because a machine is busy.
export const patience = 120_000;

// startDemo runs the binary that RELEASEBOT names, on a port of its own.
export async function startDemo(...flags) {
	const process_ = spawn(process.env.RELEASEBOT, ["demo", "--addr", "localhost:0", ...flags], { stdio: ["ignore", "pipe", "inherit"] });
	process.on("exit", () => process_.kill()); // a script that fails leaves nothing behind
	for await (const line of createInterface(process_.stdout)) {
		const url = line.match(/http:\/\/localhost:\d+/)?.[0];
		if (url) {
			return {
				url,
				async stop() {
					const ended = once(process_, "exit");
					process_.kill("SIGINT");
					return (await ended)[0];
				},
			};
		}
	}
	throw new Error("the demo did not start");
}

export function launch() {
	return chromium.launch({
		executablePath: process.env.CHROMIUM,
		args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
	});
}

export const desktop = { width: 1280, height: 800 };
export const phone = { width: 390, height: 844 };
