import { createRequire } from "node:module";
import * as os$1 from "os";
import os, { EOL } from "os";
import * as crypto$1 from "crypto";
import * as fs from "fs";
import { constants, promises } from "fs";
import { setTimeout as setTimeout$1 } from "node:timers/promises";
import { readFile, readdir, realpath, stat } from "node:fs/promises";
import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { isAbsolute, join, relative, sep } from "node:path";
// \0rolldown/runtime.js
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __esmMin = (fn, res, err) => () => {
	if (err) throw err[0];
	try {
		return fn && (res = fn(fn = 0)), res;
	} catch (e) {
		throw err = [e], e;
	}
};
var __commonJSMin = (cb, mod) => () => (mod || (cb((mod = { exports: {} }).exports, mod, mod.exports), cb = null), mod.exports);
var __exportAll = (all, no_symbols) => {
	let target = {};
	for (var name in all) __defProp(target, name, {
		get: all[name],
		enumerable: true
	});
	if (!no_symbols) __defProp(target, Symbol.toStringTag, { value: "Module" });
	return target;
};
var __copyProps = (to, from, except, desc) => {
	if (from && typeof from === "object" || typeof from === "function") for (var keys = __getOwnPropNames(from), i = 0, n = keys.length, key; i < n; i++) {
		key = keys[i];
		if (!__hasOwnProp.call(to, key) && key !== except) __defProp(to, key, {
			get: ((k) => from[k]).bind(null, key),
			enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable
		});
	}
	return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(isNodeMode || !mod || !mod.__esModule || !__hasOwnProp.call(mod, "default") ? __defProp(target, "default", {
	value: mod,
	enumerable: true
}) : target, mod));
var __require = /* #__PURE__ */ (() => createRequire(import.meta.url))();
// node_modules/@actions/core/lib/utils.js
/**
* Sanitizes an input into a string so it can be passed into issueCommand safely
* @param input input to sanitize into a string
*/
function toCommandValue(input) {
	if (input === null || input === void 0) return "";
	else if (typeof input === "string" || input instanceof String) return input;
	return JSON.stringify(input);
}
/**
*
* @param annotationProperties
* @returns The command properties to send with the actual annotation command
* See IssueCommandProperties: https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs#L646
*/
function toCommandProperties(annotationProperties) {
	if (!Object.keys(annotationProperties).length) return {};
	return {
		title: annotationProperties.title,
		file: annotationProperties.file,
		line: annotationProperties.startLine,
		endLine: annotationProperties.endLine,
		col: annotationProperties.startColumn,
		endColumn: annotationProperties.endColumn
	};
}
var init_utils = __esmMin((() => {}));
// node_modules/@actions/core/lib/command.js
/**
* Issues a command to the GitHub Actions runner
*
* @param command - The command name to issue
* @param properties - Additional properties for the command (key-value pairs)
* @param message - The message to include with the command
* @remarks
* This function outputs a specially formatted string to stdout that the Actions
* runner interprets as a command. These commands can control workflow behavior,
* set outputs, create annotations, mask values, and more.
*
* Command Format:
*   ::name key=value,key=value::message
*
* @example
* ```typescript
* // Issue a warning annotation
* issueCommand('warning', {}, 'This is a warning message');
* // Output: ::warning::This is a warning message
*
* // Set an environment variable
* issueCommand('set-env', { name: 'MY_VAR' }, 'some value');
* // Output: ::set-env name=MY_VAR::some value
*
* // Add a secret mask
* issueCommand('add-mask', {}, 'secretValue123');
* // Output: ::add-mask::secretValue123
* ```
*
* @internal
* This is an internal utility function that powers the public API functions
* such as setSecret, warning, error, and exportVariable.
*/
function issueCommand(command, properties, message) {
	const cmd = new Command(command, properties, message);
	process.stdout.write(cmd.toString() + os$1.EOL);
}
function escapeData(s) {
	return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}
function escapeProperty(s) {
	return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/:/g, "%3A").replace(/,/g, "%2C");
}
var CMD_STRING, Command;
var init_command$1 = __esmMin((() => {
	init_utils();
	CMD_STRING = "::";
	Command = class {
		constructor(command, properties, message) {
			if (!command) command = "missing.command";
			this.command = command;
			this.properties = properties;
			this.message = message;
		}
		toString() {
			let cmdStr = CMD_STRING + this.command;
			if (this.properties && Object.keys(this.properties).length > 0) {
				cmdStr += " ";
				let first = true;
				for (const key in this.properties) if (this.properties.hasOwnProperty(key)) {
					const val = this.properties[key];
					if (val) {
						if (first) first = false;
						else cmdStr += ",";
						cmdStr += `${key}=${escapeProperty(val)}`;
					}
				}
			}
			cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
			return cmdStr;
		}
	};
}));
// node_modules/@actions/core/lib/file-command.js
function issueFileCommand(command, message) {
	const filePath = process.env[`GITHUB_${command}`];
	if (!filePath) throw new Error(`Unable to find environment variable for file command ${command}`);
	if (!fs.existsSync(filePath)) throw new Error(`Missing file at path: ${filePath}`);
	fs.appendFileSync(filePath, `${toCommandValue(message)}${os$1.EOL}`, { encoding: "utf8" });
}
function prepareKeyValueMessage(key, value) {
	const delimiter = `ghadelimiter_${crypto$1.randomUUID()}`;
	const convertedValue = toCommandValue(value);
	if (key.includes(delimiter)) throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
	if (convertedValue.includes(delimiter)) throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
	return `${key}<<${delimiter}${os$1.EOL}${convertedValue}${os$1.EOL}${delimiter}`;
}
var init_file_command = __esmMin((() => {
	init_utils();
}));
var init_oidc_utils = __esmMin((() => {
	init_core$2();
}));
// node_modules/@actions/core/lib/summary.js
var __awaiter$2, access, appendFile, writeFile, SUMMARY_ENV_VAR, Summary, _summary, summary;
var init_summary = __esmMin((() => {
	__awaiter$2 = function(thisArg, _arguments, P, generator) {
		function adopt(value) {
			return value instanceof P ? value : new P(function(resolve) {
				resolve(value);
			});
		}
		return new (P || (P = Promise))(function(resolve, reject) {
			function fulfilled(value) {
				try {
					step(generator.next(value));
				} catch (e) {
					reject(e);
				}
			}
			function rejected(value) {
				try {
					step(generator["throw"](value));
				} catch (e) {
					reject(e);
				}
			}
			function step(result) {
				result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected);
			}
			step((generator = generator.apply(thisArg, _arguments || [])).next());
		});
	};
	({access, appendFile, writeFile} = promises);
	SUMMARY_ENV_VAR = "GITHUB_STEP_SUMMARY";
	Summary = class {
		constructor() {
			this._buffer = "";
		}
		/**
		* Finds the summary file path from the environment, rejects if env var is not found or file does not exist
		* Also checks r/w permissions.
		*
		* @returns step summary file path
		*/
		filePath() {
			return __awaiter$2(this, void 0, void 0, function* () {
				if (this._filePath) return this._filePath;
				const pathFromEnv = process.env[SUMMARY_ENV_VAR];
				if (!pathFromEnv) throw new Error(`Unable to find environment variable for $${SUMMARY_ENV_VAR}. Check if your runtime environment supports job summaries.`);
				try {
					yield access(pathFromEnv, constants.R_OK | constants.W_OK);
				} catch (_a) {
					throw new Error(`Unable to access summary file: '${pathFromEnv}'. Check if the file has correct read/write permissions.`);
				}
				this._filePath = pathFromEnv;
				return this._filePath;
			});
		}
		/**
		* Wraps content in an HTML tag, adding any HTML attributes
		*
		* @param {string} tag HTML tag to wrap
		* @param {string | null} content content within the tag
		* @param {[attribute: string]: string} attrs key-value list of HTML attributes to add
		*
		* @returns {string} content wrapped in HTML element
		*/
		wrap(tag, content, attrs = {}) {
			const htmlAttrs = Object.entries(attrs).map(([key, value]) => ` ${key}="${value}"`).join("");
			if (!content) return `<${tag}${htmlAttrs}>`;
			return `<${tag}${htmlAttrs}>${content}</${tag}>`;
		}
		/**
		* Writes text in the buffer to the summary buffer file and empties buffer. Will append by default.
		*
		* @param {SummaryWriteOptions} [options] (optional) options for write operation
		*
		* @returns {Promise<Summary>} summary instance
		*/
		write(options) {
			return __awaiter$2(this, void 0, void 0, function* () {
				const overwrite = !!(options === null || options === void 0 ? void 0 : options.overwrite);
				const filePath = yield this.filePath();
				yield (overwrite ? writeFile : appendFile)(filePath, this._buffer, { encoding: "utf8" });
				return this.emptyBuffer();
			});
		}
		/**
		* Clears the summary buffer and wipes the summary file
		*
		* @returns {Summary} summary instance
		*/
		clear() {
			return __awaiter$2(this, void 0, void 0, function* () {
				return this.emptyBuffer().write({ overwrite: true });
			});
		}
		/**
		* Returns the current summary buffer as a string
		*
		* @returns {string} string of summary buffer
		*/
		stringify() {
			return this._buffer;
		}
		/**
		* If the summary buffer is empty
		*
		* @returns {boolen} true if the buffer is empty
		*/
		isEmptyBuffer() {
			return this._buffer.length === 0;
		}
		/**
		* Resets the summary buffer without writing to summary file
		*
		* @returns {Summary} summary instance
		*/
		emptyBuffer() {
			this._buffer = "";
			return this;
		}
		/**
		* Adds raw text to the summary buffer
		*
		* @param {string} text content to add
		* @param {boolean} [addEOL=false] (optional) append an EOL to the raw text (default: false)
		*
		* @returns {Summary} summary instance
		*/
		addRaw(text, addEOL = false) {
			this._buffer += text;
			return addEOL ? this.addEOL() : this;
		}
		/**
		* Adds the operating system-specific end-of-line marker to the buffer
		*
		* @returns {Summary} summary instance
		*/
		addEOL() {
			return this.addRaw(EOL);
		}
		/**
		* Adds an HTML codeblock to the summary buffer
		*
		* @param {string} code content to render within fenced code block
		* @param {string} lang (optional) language to syntax highlight code
		*
		* @returns {Summary} summary instance
		*/
		addCodeBlock(code, lang) {
			const attrs = Object.assign({}, lang && { lang });
			const element = this.wrap("pre", this.wrap("code", code), attrs);
			return this.addRaw(element).addEOL();
		}
		/**
		* Adds an HTML list to the summary buffer
		*
		* @param {string[]} items list of items to render
		* @param {boolean} [ordered=false] (optional) if the rendered list should be ordered or not (default: false)
		*
		* @returns {Summary} summary instance
		*/
		addList(items, ordered = false) {
			const tag = ordered ? "ol" : "ul";
			const listItems = items.map((item) => this.wrap("li", item)).join("");
			const element = this.wrap(tag, listItems);
			return this.addRaw(element).addEOL();
		}
		/**
		* Adds an HTML table to the summary buffer
		*
		* @param {SummaryTableCell[]} rows table rows
		*
		* @returns {Summary} summary instance
		*/
		addTable(rows) {
			const tableBody = rows.map((row) => {
				const cells = row.map((cell) => {
					if (typeof cell === "string") return this.wrap("td", cell);
					const { header, data, colspan, rowspan } = cell;
					const tag = header ? "th" : "td";
					const attrs = Object.assign(Object.assign({}, colspan && { colspan }), rowspan && { rowspan });
					return this.wrap(tag, data, attrs);
				}).join("");
				return this.wrap("tr", cells);
			}).join("");
			const element = this.wrap("table", tableBody);
			return this.addRaw(element).addEOL();
		}
		/**
		* Adds a collapsable HTML details element to the summary buffer
		*
		* @param {string} label text for the closed state
		* @param {string} content collapsable content
		*
		* @returns {Summary} summary instance
		*/
		addDetails(label, content) {
			const element = this.wrap("details", this.wrap("summary", label) + content);
			return this.addRaw(element).addEOL();
		}
		/**
		* Adds an HTML image tag to the summary buffer
		*
		* @param {string} src path to the image you to embed
		* @param {string} alt text description of the image
		* @param {SummaryImageOptions} options (optional) addition image attributes
		*
		* @returns {Summary} summary instance
		*/
		addImage(src, alt, options) {
			const { width, height } = options || {};
			const attrs = Object.assign(Object.assign({}, width && { width }), height && { height });
			const element = this.wrap("img", null, Object.assign({
				src,
				alt
			}, attrs));
			return this.addRaw(element).addEOL();
		}
		/**
		* Adds an HTML section heading element
		*
		* @param {string} text heading text
		* @param {number | string} [level=1] (optional) the heading level, default: 1
		*
		* @returns {Summary} summary instance
		*/
		addHeading(text, level) {
			const tag = `h${level}`;
			const allowedTag = [
				"h1",
				"h2",
				"h3",
				"h4",
				"h5",
				"h6"
			].includes(tag) ? tag : "h1";
			const element = this.wrap(allowedTag, text);
			return this.addRaw(element).addEOL();
		}
		/**
		* Adds an HTML thematic break (<hr>) to the summary buffer
		*
		* @returns {Summary} summary instance
		*/
		addSeparator() {
			const element = this.wrap("hr", null);
			return this.addRaw(element).addEOL();
		}
		/**
		* Adds an HTML line break (<br>) to the summary buffer
		*
		* @returns {Summary} summary instance
		*/
		addBreak() {
			const element = this.wrap("br", null);
			return this.addRaw(element).addEOL();
		}
		/**
		* Adds an HTML blockquote to the summary buffer
		*
		* @param {string} text quote text
		* @param {string} cite (optional) citation url
		*
		* @returns {Summary} summary instance
		*/
		addQuote(text, cite) {
			const attrs = Object.assign({}, cite && { cite });
			const element = this.wrap("blockquote", text, attrs);
			return this.addRaw(element).addEOL();
		}
		/**
		* Adds an HTML anchor tag to the summary buffer
		*
		* @param {string} text link text/content
		* @param {string} href hyperlink
		*
		* @returns {Summary} summary instance
		*/
		addLink(text, href) {
			const element = this.wrap("a", text, { href });
			return this.addRaw(element).addEOL();
		}
	};
	_summary = new Summary();
	summary = _summary;
}));
var init_platform = __esmMin((() => {
	os.platform();
	os.arch();
}));
// node_modules/@actions/core/lib/core.js
/**
* Registers a secret which will get masked from logs
*
* @param secret - Value of the secret to be masked
* @remarks
* This function instructs the Actions runner to mask the specified value in any
* logs produced during the workflow run. Once registered, the secret value will
* be replaced with asterisks (***) whenever it appears in console output, logs,
* or error messages.
*
* This is useful for protecting sensitive information such as:
* - API keys
* - Access tokens
* - Authentication credentials
* - URL parameters containing signatures (SAS tokens)
*
* Note that masking only affects future logs; any previous appearances of the
* secret in logs before calling this function will remain unmasked.
*
* @example
* ```typescript
* // Register an API token as a secret
* const apiToken = "abc123xyz456";
* setSecret(apiToken);
*
* // Now any logs containing this value will show *** instead
* console.log(`Using token: ${apiToken}`); // Outputs: "Using token: ***"
* ```
*/
function setSecret(secret) {
	issueCommand("add-mask", {}, secret);
}
/**
* Gets the value of an input.
* Unless trimWhitespace is set to false in InputOptions, the value is also trimmed.
* Returns an empty string if the value is not defined.
*
* @param     name     name of the input to get
* @param     options  optional. See InputOptions.
* @returns   string
*/
function getInput(name, options) {
	const val = process.env[`INPUT_${name.replace(/ /g, "_").toUpperCase()}`] || "";
	if (options && options.required && !val) throw new Error(`Input required and not supplied: ${name}`);
	if (options && options.trimWhitespace === false) return val;
	return val.trim();
}
/**
* Sets the value of an output.
*
* @param     name     name of the output to set
* @param     value    value to store. Non-string values will be converted to a string via JSON.stringify
*/
function setOutput(name, value) {
	if (process.env["GITHUB_OUTPUT"] || "") return issueFileCommand("OUTPUT", prepareKeyValueMessage(name, value));
	process.stdout.write(os$1.EOL);
	issueCommand("set-output", { name }, toCommandValue(value));
}
/**
* Adds an error issue
* @param message error issue message. Errors will be converted to string via toString()
* @param properties optional properties to add to the annotation.
*/
function error$1(message, properties = {}) {
	issueCommand("error", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
* Adds a warning issue
* @param message warning issue message. Errors will be converted to string via toString()
* @param properties optional properties to add to the annotation.
*/
function warning(message, properties = {}) {
	issueCommand("warning", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
* Adds a notice issue
* @param message notice issue message. Errors will be converted to string via toString()
* @param properties optional properties to add to the annotation.
*/
function notice(message, properties = {}) {
	issueCommand("notice", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
var ExitCode$1;
var init_core$2 = __esmMin((() => {
	init_command$1();
	init_file_command();
	init_utils();
	init_oidc_utils();
	init_summary();
	init_platform();
	(function(ExitCode) {
		/**
		* A code indicating that the action was successful
		*/
		ExitCode[ExitCode["Success"] = 0] = "Success";
		/**
		* A code indicating that the action was a failure
		*/
		ExitCode[ExitCode["Failure"] = 1] = "Failure";
	})(ExitCode$1 || (ExitCode$1 = {}));
}));
// src/adapters/clock/system.ts
/** This machine's clock. */
const systemClock = {
	now: () => Date.now(),
	sleep,
	random: () => Math.random()
};
/** What a timer of Node can count; it takes more for none at all. */
const longestMs$3 = 2 ** 31 - 1;
async function sleep(ms, signal) {
	signal?.throwIfAborted();
	try {
		await setTimeout$1(Math.min(ms, longestMs$3), void 0, signal ? { signal } : {});
	} catch (error) {
		signal?.throwIfAborted();
		throw error;
	}
}
// src/model/redact.ts
var import_picocolors = /* @__PURE__ */ __toESM((/* @__PURE__ */ __commonJSMin(((exports, module) => {
	let p = process || {};
	let argv = p.argv || [];
	let env = p.env || {};
	let isColorSupported = !(!!env.NO_COLOR || argv.includes("--no-color")) && (!!env.FORCE_COLOR || argv.includes("--color") || p.platform === "win32" || (p.stdout || {}).isTTY && env.TERM !== "dumb" || !!env.CI);
	let formatter = (open, close, replace = open) => (input) => {
		let string = "" + input, index = string.indexOf(close, open.length);
		return ~index ? open + replaceClose(string, close, replace, index) + close : open + string + close;
	};
	let replaceClose = (string, close, replace, index) => {
		let result = "", cursor = 0;
		do {
			result += string.substring(cursor, index) + replace;
			cursor = index + close.length;
			index = string.indexOf(close, cursor);
		} while (~index);
		return result + string.substring(cursor);
	};
	let createColors = (enabled = isColorSupported) => {
		let f = enabled ? formatter : () => String;
		return {
			isColorSupported: enabled,
			reset: f("\x1B[0m", "\x1B[0m"),
			bold: f("\x1B[1m", "\x1B[22m", "\x1B[22m\x1B[1m"),
			dim: f("\x1B[2m", "\x1B[22m", "\x1B[22m\x1B[2m"),
			italic: f("\x1B[3m", "\x1B[23m"),
			underline: f("\x1B[4m", "\x1B[24m"),
			inverse: f("\x1B[7m", "\x1B[27m"),
			hidden: f("\x1B[8m", "\x1B[28m"),
			strikethrough: f("\x1B[9m", "\x1B[29m"),
			black: f("\x1B[30m", "\x1B[39m"),
			red: f("\x1B[31m", "\x1B[39m"),
			green: f("\x1B[32m", "\x1B[39m"),
			yellow: f("\x1B[33m", "\x1B[39m"),
			blue: f("\x1B[34m", "\x1B[39m"),
			magenta: f("\x1B[35m", "\x1B[39m"),
			cyan: f("\x1B[36m", "\x1B[39m"),
			white: f("\x1B[37m", "\x1B[39m"),
			gray: f("\x1B[90m", "\x1B[39m"),
			bgBlack: f("\x1B[40m", "\x1B[49m"),
			bgRed: f("\x1B[41m", "\x1B[49m"),
			bgGreen: f("\x1B[42m", "\x1B[49m"),
			bgYellow: f("\x1B[43m", "\x1B[49m"),
			bgBlue: f("\x1B[44m", "\x1B[49m"),
			bgMagenta: f("\x1B[45m", "\x1B[49m"),
			bgCyan: f("\x1B[46m", "\x1B[49m"),
			bgWhite: f("\x1B[47m", "\x1B[49m"),
			blackBright: f("\x1B[90m", "\x1B[39m"),
			redBright: f("\x1B[91m", "\x1B[39m"),
			greenBright: f("\x1B[92m", "\x1B[39m"),
			yellowBright: f("\x1B[93m", "\x1B[39m"),
			blueBright: f("\x1B[94m", "\x1B[39m"),
			magentaBright: f("\x1B[95m", "\x1B[39m"),
			cyanBright: f("\x1B[96m", "\x1B[39m"),
			whiteBright: f("\x1B[97m", "\x1B[39m"),
			bgBlackBright: f("\x1B[100m", "\x1B[49m"),
			bgRedBright: f("\x1B[101m", "\x1B[49m"),
			bgGreenBright: f("\x1B[102m", "\x1B[49m"),
			bgYellowBright: f("\x1B[103m", "\x1B[49m"),
			bgBlueBright: f("\x1B[104m", "\x1B[49m"),
			bgMagentaBright: f("\x1B[105m", "\x1B[49m"),
			bgCyanBright: f("\x1B[106m", "\x1B[49m"),
			bgWhiteBright: f("\x1B[107m", "\x1B[49m")
		};
	};
	module.exports = createColors();
	module.exports.createColors = createColors;
})))(), 1);
const mask = "[redacted]";
/** Every secret in a text, replaced. */
function redact(text, secrets) {
	const redactor = createRedactor(secrets);
	return redactor.push(text) + redactor.end();
}
/**
* A redactor for these values. Of a value with several lines each longer line is one
* by itself, since programs print and indent them one by one.
*/
function createRedactor(secrets) {
	const values = secretForms(secrets);
	if (values.length === 0) return {
		push: (piece) => piece,
		end: () => ""
	};
	const pattern = new RegExp(values.map(escapeForRegExp).join("|"), "g");
	const longest = values[0].length;
	let kept = "";
	const push = (piece) => {
		const text = kept + piece;
		let out = "";
		let at = 0;
		for (;;) {
			const held = firstUnsure(text, Math.max(at, text.length - longest + 1), values);
			pattern.lastIndex = at;
			const match = pattern.exec(text);
			if (match === null || match.index >= held) {
				kept = text.slice(held);
				return out + text.slice(at, held);
			}
			out += text.slice(at, match.index) + mask;
			at = match.index + match[0].length;
		}
	};
	const end = () => {
		const rest = kept.replace(pattern, mask);
		kept = "";
		return rest;
	};
	return {
		push,
		end
	};
}
/** The first place from which the text could go on to become a (longer) secret; the text's end where there is none. */
function firstUnsure(text, from, values) {
	for (let at = from; at < text.length; at += 1) {
		const rest = text.slice(at);
		if (values.some((value) => value.length > rest.length && value.startsWith(rest))) return at;
	}
	return text.length;
}
/** The values and their longer lines, longest first, so that the longest one that fits is replaced. */
function secretForms(secrets) {
	const lines = secrets.flatMap((secret) => secret.split("\n").map((line) => line.trim()).filter((line) => line.length >= 8));
	return [.../* @__PURE__ */ new Set([...secrets, ...lines])].filter((value) => value !== "").toSorted((a, b) => b.length - a.length);
}
function escapeForRegExp(text) {
	return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
// src/adapters/log/create-log.ts
/** A log: prose on a terminal, JSON lines anywhere else (`{"at","level","message",…facts}`). */
function createLog({ stream, clock, secrets, prose }) {
	const hidden = (secrets ?? []).flatMap(writtenForms);
	const clean = (text) => redact(text, hidden);
	const format = prose ?? stream.isTTY === true ? asProse : asJson;
	const write = (level, message, facts = {}) => {
		const line = format(level, new Date(clock.now()), clean(message), cleanFacts(facts, clean));
		stream.write(`${line}\n`);
	};
	return {
		info: (message, facts) => write("info", message, facts),
		warn: (message, facts) => write("warn", message, facts),
		error: (message, facts) => write("error", message, facts)
	};
}
/** A secret as it is, and as it stands in JSON, in a URL, and in an HTTP header. */
function writtenForms(secret) {
	return [
		secret,
		JSON.stringify(secret).slice(1, -1),
		encodeURIComponent(secret),
		Buffer.from(secret).toString("base64"),
		Buffer.from(secret).toString("base64url")
	];
}
function cleanFacts(facts, clean) {
	return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, typeof value === "string" ? clean(value) : value]));
}
function asJson(level, at, message, facts) {
	return JSON.stringify({
		at: at.toISOString(),
		level,
		message,
		...withoutReserved(facts)
	});
}
const marks$1 = {
	info: (text) => text,
	warn: (text) => import_picocolors.default.yellow(text),
	error: (text) => import_picocolors.default.red(text)
};
function asProse(level, at, message, facts) {
	const time = import_picocolors.default.dim(at.toISOString().slice(11, 19));
	const shown = Object.entries(facts).filter(([, value]) => value !== void 0).map(([name, value]) => import_picocolors.default.dim(`${name}=`) + plain$1(String(value)));
	return [
		time,
		marks$1[level](plain$1(message)),
		...shown
	].join(" ");
}
/** Nobody's text moves the cursor of our terminal, or begins a line of ours. */
function plain$1(text) {
	return text.replaceAll(/\p{Cc}+/gu, " ");
}
function withoutReserved(facts) {
	const { at, level, message, ...rest } = facts;
	const moved = {
		fact_at: at,
		fact_level: level,
		fact_message: message
	};
	return {
		...rest,
		...moved
	};
}
// src/model/errors.ts
/** Any thrown value as a SallyportError; what is not one yet is a bug of ours. */
function asSallyportError(thrown) {
	if (thrown instanceof SallyportError) return thrown;
	const message = thrown instanceof Error ? thrown.message : String(thrown);
	return new SallyportError({
		code: "internal",
		message,
		next: "bug",
		cause: thrown
	});
}
var exitCodes, SallyportError;
var init_errors$3 = __esmMin((() => {
	exitCodes = {
		done: 0,
		failed: 1,
		usage: 2,
		refused: 3,
		notFound: 4,
		unreachable: 5,
		stillRunning: 6
	};
	SallyportError = class extends Error {
		name = "SallyportError";
		code;
		hint;
		next;
		exit;
		retryAfterMs;
		constructor(facts) {
			super(facts.message, facts.cause === void 0 ? void 0 : { cause: facts.cause });
			this.code = facts.code;
			this.hint = facts.hint;
			this.next = facts.next ?? "user";
			this.exit = facts.exit ?? exitCodes.failed;
			this.retryAfterMs = facts.retryAfterMs;
		}
	};
}));
// node_modules/zod/v4/core/util.js
function getEnumValues(entries) {
	const numericValues = Object.values(entries).filter((v) => typeof v === "number");
	return Object.entries(entries).filter(([k, _]) => numericValues.indexOf(+k) === -1).map(([_, v]) => v);
}
function joinValues(array, separator = "|") {
	return array.map((val) => stringifyPrimitive(val)).join(separator);
}
function jsonStringifyReplacer(_, value) {
	if (typeof value === "bigint") return value.toString();
	return value;
}
function cached(getter) {
	return new Cached(getter);
}
function nullish(input) {
	return input === null || input === void 0;
}
function cleanRegex(source) {
	const start = source.startsWith("^") ? 1 : 0;
	const end = source.endsWith("$") ? source.length - 1 : source.length;
	return source.slice(start, end);
}
function floatSafeRemainder(val, step) {
	const ratio = val / step;
	const roundedRatio = Math.round(ratio);
	const tolerance = 4 * Number.EPSILON * Math.max(Math.abs(ratio), 1);
	if (Math.abs(ratio - roundedRatio) < tolerance) return 0;
	return ratio - roundedRatio;
}
function assignProp(target, prop, value) {
	Object.defineProperty(target, prop, {
		value,
		writable: true,
		enumerable: true,
		configurable: true
	});
}
/**
* Whichever object a def's `shape` currently answers from: the one the caller passed until the first read, the frozen copy after it.
*
* Its keys and descriptors read without invoking anything, which is what lets a discriminated union check its discriminator, and the cycle walk read a shape, without resolving a getter that references the schema being constructed. A def that answers `shape` from an accessor of its own has none.
*/
function rawShape(def) {
	const desc = Object.getOwnPropertyDescriptor(def, "shape");
	return desc?.get ? desc.get.raw : desc?.value;
}
function sourceShape(schema) {
	return rawShape(schema._zod.def) ?? schema._zod.def.shape;
}
function deferProp(target, key, getter) {
	Object.defineProperty(target, key, {
		get() {
			const value = getter();
			assignProp(this, key, value);
			return value;
		},
		enumerable: true,
		configurable: true
	});
}
function putProp(target, key, value) {
	if (key in target) assignProp(target, key, value);
	else target[key] = value;
}
/**
* Copies `keys` of `source`'s shape onto `target`, each value passed through `wrap`.
*
* A key the source has resolved is copied through now, so the derived shape states it outright and nothing has to resolve it to learn what it holds. A key the source still defers stays deferred, and reads back through the source's own `shape`, so it resolves once and both shapes get that one schema.
*/
function mirrorShape(target, source, keys, wrap) {
	const raw = sourceShape(source);
	for (const key of keys) {
		const desc = Object.getOwnPropertyDescriptor(raw, key);
		if (!desc.enumerable) continue;
		if (desc.get) deferProp(target, key, () => {
			const value = source._zod.def.shape[key];
			return wrap ? wrap(value, key) : value;
		});
		else putProp(target, key, wrap ? wrap(desc.value, key) : desc.value);
	}
}
function mirrorProps(target, source) {
	for (const key of Reflect.ownKeys(source)) {
		const desc = Object.getOwnPropertyDescriptor(source, key);
		if (!desc.enumerable) continue;
		if (desc.get) deferProp(target, key, () => source[key]);
		else putProp(target, key, desc.value);
	}
}
function mergeDefs(...defs) {
	const mergedDescriptors = {};
	for (const def of defs) {
		const descriptors = Object.getOwnPropertyDescriptors(def);
		Object.assign(mergedDescriptors, descriptors);
	}
	return Object.defineProperties({}, mergedDescriptors);
}
function esc(str) {
	return JSON.stringify(str);
}
function slugify(input) {
	return input.toLowerCase().trim().replace(/[^\w\s-]/g, "").replace(/[\s_-]+/g, "-").replace(/^-+|-+$/g, "");
}
function isObject$1(data) {
	return typeof data === "object" && data !== null && !Array.isArray(data);
}
function isPlainObject$1(o) {
	if (isObject$1(o) === false) return false;
	const ctor = o.constructor;
	if (ctor === void 0) return true;
	if (typeof ctor !== "function") return true;
	const prot = ctor.prototype;
	if (isObject$1(prot) === false) return false;
	if (Object.prototype.hasOwnProperty.call(prot, "isPrototypeOf") === false) return false;
	return true;
}
function shallowClone(o) {
	if (isPlainObject$1(o)) return { ...o };
	if (Array.isArray(o)) return [...o];
	if (o instanceof Map) return new Map(o);
	if (o instanceof Set) return new Set(o);
	return o;
}
function escapeRegex(str) {
	return str.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
function clone(inst, def, params) {
	const cl = new inst._zod.constr(def ?? inst._zod.def);
	if (!def || params?.parent) cl._zod.parent = inst;
	return cl;
}
function normalizeParams(_params) {
	const params = _params;
	if (!params) return {};
	if (typeof params === "string") return { error: () => params };
	if (params?.message !== void 0) {
		if (params?.error !== void 0) throw new Error("Cannot specify both `message` and `error` params");
		params.error = params.message;
	}
	delete params.message;
	if (typeof params.error === "string") return {
		...params,
		error: () => params.error
	};
	return params;
}
function stringifyPrimitive(value) {
	if (typeof value === "bigint") return value.toString() + "n";
	if (typeof value === "string") return `"${value}"`;
	return `${value}`;
}
function optionalKeys(shape) {
	return Object.keys(shape).filter((k) => {
		return shape[k]._zod.optin !== void 0 && shape[k]._zod.optout === "optional";
	});
}
function pick(schema, mask) {
	const currDef = schema._zod.def;
	const checks = currDef.checks;
	if (checks && checks.length > 0) throw new Error(".pick() cannot be used on object schemas containing refinements");
	const newShape = {};
	mirrorShape(newShape, schema, maskedKeys(schema, mask));
	return clone(schema, mergeDefs(currDef, {
		shape: newShape,
		checks: []
	}));
}
function maskedKeys(schema, mask) {
	const raw = sourceShape(schema);
	const keys = [];
	for (const key of Reflect.ownKeys(mask)) {
		if (!Object.getOwnPropertyDescriptor(raw, key)?.enumerable) throw new Error(`Unrecognized key: "${String(key)}"`);
		if (mask[key]) keys.push(key);
	}
	return keys;
}
function omit(schema, mask) {
	const currDef = schema._zod.def;
	const checks = currDef.checks;
	if (checks && checks.length > 0) throw new Error(".omit() cannot be used on object schemas containing refinements");
	const omitted = new Set(maskedKeys(schema, mask));
	const newShape = {};
	mirrorShape(newShape, schema, Reflect.ownKeys(sourceShape(schema)).filter((key) => !omitted.has(key)));
	return clone(schema, mergeDefs(currDef, {
		shape: newShape,
		checks: []
	}));
}
function extend(schema, shape) {
	if (!isPlainObject$1(shape)) throw new Error("Invalid input to extend: expected a plain object");
	const checks = schema._zod.def.checks;
	if (checks && checks.length > 0) {
		const existingShape = sourceShape(schema);
		for (const key of Reflect.ownKeys(shape)) if (Object.getOwnPropertyDescriptor(existingShape, key) !== void 0) throw new Error("Cannot overwrite keys on object schemas containing refinements. Use `.safeExtend()` instead.");
	}
	return clone(schema, mergeDefs(schema._zod.def, { shape: extended(schema, shape) }));
}
function extended(schema, shape) {
	const newShape = {};
	mirrorShape(newShape, schema, Reflect.ownKeys(sourceShape(schema)));
	mirrorProps(newShape, shape);
	return newShape;
}
function safeExtend(schema, shape) {
	if (!isPlainObject$1(shape)) throw new Error("Invalid input to safeExtend: expected a plain object");
	return clone(schema, mergeDefs(schema._zod.def, { shape: extended(schema, shape) }));
}
function merge$1(a, b) {
	if (!b?._zod?.def) throw new Error("Invalid input to merge: expected an object schema. To merge a plain shape, use `.extend()`.");
	if (a._zod.def.checks?.length) throw new Error(".merge() cannot be used on object schemas containing refinements. Use .safeExtend() instead.");
	const newShape = {};
	mirrorShape(newShape, a, Reflect.ownKeys(sourceShape(a)));
	mirrorShape(newShape, b, Reflect.ownKeys(sourceShape(b)));
	return clone(a, mergeDefs(a._zod.def, {
		shape: newShape,
		get catchall() {
			return b._zod.def.catchall;
		},
		checks: b._zod.def.checks ?? []
	}));
}
function partial$1(Class, schema, mask, name = "partial") {
	const checks = schema._zod.def.checks;
	if (checks && checks.length > 0) throw new Error(`.${name}() cannot be used on object schemas containing refinements`);
	const selected = mask ? new Set(maskedKeys(schema, mask)) : void 0;
	const newShape = {};
	mirrorShape(newShape, schema, Reflect.ownKeys(sourceShape(schema)), Class && ((value, key) => selected && !selected.has(key) ? value : new Class({
		type: "optional",
		innerType: value
	})));
	return clone(schema, mergeDefs(schema._zod.def, {
		shape: newShape,
		checks: []
	}));
}
function required$1(Class, schema, mask) {
	const selected = mask ? new Set(maskedKeys(schema, mask)) : void 0;
	const newShape = {};
	mirrorShape(newShape, schema, Reflect.ownKeys(sourceShape(schema)), (value, key) => selected && !selected.has(key) ? value : new Class({
		type: "nonoptional",
		innerType: value
	}));
	return clone(schema, mergeDefs(schema._zod.def, { shape: newShape }));
}
function aborted(x, startIndex = 0) {
	if (x.aborted === true) return true;
	for (let i = startIndex; i < x.issues.length; i++) if (x.issues[i]?.continue !== true) return true;
	return false;
}
function explicitlyAborted(x, startIndex = 0) {
	if (x.aborted === true) return true;
	for (let i = startIndex; i < x.issues.length; i++) if (x.issues[i]?.continue === false) return true;
	return false;
}
function prefixIssues(path, issues) {
	return issues.map((iss) => {
		var _a;
		(_a = iss).path ?? (_a.path = []);
		iss.path.unshift(path);
		return iss;
	});
}
function unwrapMessage(message) {
	return typeof message === "string" ? message : message?.message;
}
/** The leading size checks of `defChecks` that set an upper bound, each paired with it. */
function sizeCaps(defChecks) {
	const caps = [];
	for (const ch of defChecks ?? []) {
		const d = ch._zod.def;
		if (!/_(length|size)$|_equals$/.test(d.check)) break;
		const max = d.maximum ?? d.length ?? d.size;
		if (max >= 0) caps.push([max, ch]);
	}
	return caps;
}
function attachSchema(issues, start, inst) {
	var _a;
	for (let i = start; i < issues.length; i++) (_a = issues[i]).schema ?? (_a.schema = inst);
}
function finalizeIssue(iss, ctx, config) {
	var _a;
	const traits = iss.inst?._zod?.traits;
	if (traits?.has("$ZodType")) {
		if (traits.has("$ZodCheck")) (_a = iss).schema ?? (_a.schema = iss.inst);
		else iss.schema = iss.inst;
	}
	const schemaError = iss.schema !== iss.inst ? iss.schema?._zod.def?.error : void 0;
	const message = iss.message ? iss.message : unwrapMessage(iss.inst?._zod.def?.error?.(iss)) ?? unwrapMessage(schemaError?.(iss)) ?? unwrapMessage(ctx?.error?.(iss)) ?? unwrapMessage(config.customError?.(iss)) ?? unwrapMessage(config.localeError?.(iss)) ?? "Invalid input";
	const full = {};
	for (const k of Object.keys(iss)) {
		if (k === "inst" || k === "schema" || k === "continue" || k === "input" || k === "__proto__") continue;
		full[k] = iss[k];
	}
	full.path ?? (full.path = []);
	full.message = message;
	if (ctx?.reportInput) full.input = iss.input;
	return full;
}
function codePointLength(str) {
	const units = str.length;
	if (!highSurrogate.test(str)) return units;
	let count = units;
	for (let i = 0; i < units - 1; i++) if ((str.charCodeAt(i) & 64512) === 55296 && (str.charCodeAt(i + 1) & 64512) === 56320) {
		count--;
		i++;
	}
	return count;
}
function getLengthableOrigin(input) {
	if (Array.isArray(input)) return "array";
	if (typeof input === "string") return "string";
	return "unknown";
}
function parsedType(data) {
	const t = typeof data;
	switch (t) {
		case "number": return Number.isNaN(data) ? "nan" : "number";
		case "object": {
			if (data === null) return "null";
			if (Array.isArray(data)) return "array";
			const obj = data;
			if (obj && Object.getPrototypeOf(obj) !== Object.prototype && "constructor" in obj && obj.constructor) return obj.constructor.name;
		}
	}
	return t;
}
function issue(...args) {
	const [iss, input, inst] = args;
	if (typeof iss === "string") return {
		message: iss,
		code: "custom",
		input,
		inst
	};
	return { ...iss };
}
/**
* Installs a trait's members on its prototype. Each value builds that member for the instance on first read; the built value shadows the accessor as an own property, so a detached `const { parse } = schema` keeps working.
*
* Call this from a `proto` initializer, which runs once per prototype — never per instance.
*/
function members(proto, table) {
	for (const key in table) {
		const desc = Object.getOwnPropertyDescriptor(table, key);
		if (desc.get) Object.defineProperty(proto, key, {
			...desc,
			enumerable: false
		});
		else defineBound(proto, key, desc.value);
	}
}
/** Shadows a prototype member with an own value, so a getter that builds from the instance runs once. */
function own$1(inst, key, value, enumerable = true) {
	Object.defineProperty(inst, key, {
		configurable: true,
		writable: true,
		enumerable,
		value
	});
	return value;
}
/** Like {@link own}, for a member that was never an own data property and has to stay out of `Object.keys`. */
function hide$1(inst, key, value) {
	return own$1(inst, key, value, false);
}
/** Adds members a table derives from the instance: each builds on first read and shadows as own data, and assignment shadows the same way, as when these were own properties. */
/* @__NO_SIDE_EFFECTS__ */
function derived(computes, table) {
	for (const key in computes) {
		const compute = computes[key];
		Object.defineProperty(table, key, {
			configurable: true,
			enumerable: true,
			get() {
				return own$1(this, key, compute(this));
			},
			set(value) {
				own$1(this, key, value);
			}
		});
	}
	return table;
}
function defineBound(proto, key, fn) {
	Object.defineProperty(proto, key, {
		configurable: true,
		get() {
			return this == null ? fn : own$1(this, key, fn.bind(this));
		},
		set(value) {
			own$1(this, key, value);
		}
	});
}
/** Returns the prototype to install on, or `undefined` if this group is already installed on it. */
function claim(inst, sentinel) {
	const proto = Object.getPrototypeOf(inst);
	return sentinel in proto ? void 0 : proto;
}
/**
* Installs a lazily-derived internal on the `_zod` prototype of `inst`'s
* constructor, computed from the internals object itself and cached there on
* first read. One accessor per constructor rather than one per instance.
*/
function defineLazyInternal(inst, key, compute) {
	const proto = Object.getPrototypeOf(inst._zod);
	if (key in proto && installing !== inst._zod) {
		installing = void 0;
		return;
	}
	installing = inst._zod;
	Object.defineProperty(proto, key, {
		configurable: true,
		get() {
			Object.defineProperty(this, key, breaker);
			const outer = broke;
			broke = false;
			try {
				const value = compute(this);
				if (broke) delete this[key];
				else Object.defineProperty(this, key, {
					configurable: true,
					writable: true,
					value
				});
				broke = broke || outer;
				return value;
			} catch (err) {
				delete this[key];
				broke = broke || outer;
				throw err;
			}
		},
		set(value) {
			Object.defineProperty(this, key, {
				configurable: true,
				writable: true,
				value
			});
		}
	});
}
/**
* Installs `key` on `inst`'s prototype, computed by `make` on first read and cached there as an own
* data property. One accessor per constructor rather than one per instance, because an own accessor
* puts every instance after the first into v8 dictionary mode. The key doubles as the sentinel.
*/
function installLazyProp(inst, key, make, enumerable) {
	const proto = claim(inst, key);
	if (!proto) return;
	Object.defineProperty(proto, key, {
		configurable: true,
		get() {
			const desc = {
				configurable: true,
				writable: true,
				enumerable,
				value: void 0
			};
			Object.defineProperty(this, key, desc);
			desc.value = make(this);
			Object.defineProperty(this, key, desc);
			return desc.value;
		},
		set(value) {
			Object.defineProperty(this, key, {
				configurable: true,
				writable: true,
				enumerable,
				value
			});
		}
	});
}
/** Wraps a constant catch value in a thunk tagged with {@link CONSTANT_CATCH}. */
function constantCatch(value) {
	const fn = () => value;
	fn[CONSTANT_CATCH] = true;
	return fn;
}
var Cached, captureStackTrace, allowsEval, propertyKeyTypes, primitiveTypes, NUMBER_FORMAT_RANGES, BIGINT_FORMAT_RANGES, highSurrogate, installing, broke, breaker, CONSTANT_CATCH;
var init_util = __esmMin((() => {
	init_core$1();
	Cached = class {
		constructor(getter) {
			this._getter = getter;
			this._value = void 0;
		}
		get value() {
			const getter = this._getter;
			if (getter !== void 0) {
				this._value = getter();
				this._getter = void 0;
			}
			return this._value;
		}
	};
	captureStackTrace = "captureStackTrace" in Error ? Error.captureStackTrace : (..._args) => {};
	allowsEval = /* @__PURE__*/ cached(() => {
		if (globalConfig.jitless) return false;
		if (typeof navigator !== "undefined" && navigator?.userAgent?.includes("Cloudflare")) return false;
		try {
			new Function("");
			return true;
		} catch (_) {
			return false;
		}
	});
	propertyKeyTypes = /* @__PURE__*/ new Set([
		"string",
		"number",
		"symbol"
	]);
	primitiveTypes = /* @__PURE__*/ new Set([
		"string",
		"number",
		"bigint",
		"boolean",
		"symbol",
		"undefined"
	]);
	NUMBER_FORMAT_RANGES = /*@__PURE__*/ (() => ({
		safeint: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
		int32: [-2147483648, 2147483647],
		uint32: [0, 4294967295],
		float32: [-34028234663852886e22, 34028234663852886e22],
		float64: [-Number.MAX_VALUE, Number.MAX_VALUE]
	}))();
	BIGINT_FORMAT_RANGES = {
		int64: [/* @__PURE__*/ BigInt("-9223372036854775808"), /* @__PURE__*/ BigInt("9223372036854775807")],
		uint64: [/* @__PURE__*/ BigInt(0), /* @__PURE__*/ BigInt("18446744073709551615")]
	};
	highSurrogate = /[\uD800-\uDBFF]/;
	broke = false;
	breaker = {
		configurable: true,
		get() {
			broke = true;
		}
	};
	CONSTANT_CATCH = "~constantCatch";
}));
// node_modules/zod/v4/core/core.js
function newError(Definition) {
	const E = _E;
	if (E) {
		const saved = E.stackTraceLimit;
		if (typeof saved === "number") {
			try {
				E.stackTraceLimit = 0;
			} catch {
				_E = null;
				return new Definition();
			}
			try {
				return new Definition();
			} finally {
				E.stackTraceLimit = saved;
			}
		}
	}
	return new Definition();
}
/* @__NO_SIDE_EFFECTS__ */
function $constructor(name, initializer, proto, params) {
	const zodProto = {};
	function Internals(def) {
		this.def = def;
		this.constr = _;
		this.traits = /* @__PURE__ */ new Set();
	}
	Internals.prototype = zodProto;
	const protoMembers = proto;
	const initialized = protoMembers && /* @__PURE__ */ new WeakSet();
	function init(inst, def) {
		if (!inst._zod) {
			_zodDesc.value = new Internals(def);
			try {
				Object.defineProperty(inst, "_zod", _zodDesc);
			} finally {
				_zodDesc.value = void 0;
			}
		} else if (inst._zod.traits.has(name)) return;
		inst._zod.traits.add(name);
		initializer(inst, def);
		if (initialized) {
			const own = Object.getPrototypeOf(inst);
			const ctorProto = inst._zod.constr.prototype;
			let up = own;
			while (up && up !== ctorProto) up = Object.getPrototypeOf(up);
			const target = up ?? own;
			if (!initialized.has(target)) {
				initialized.add(target);
				members(target, protoMembers);
			}
		}
		const proto = _.prototype;
		for (const k in proto) {
			if (!Object.prototype.hasOwnProperty.call(proto, k)) continue;
			if (!(k in inst)) inst[k] = proto[k].bind(inst);
		}
	}
	const Parent = params?.Parent ?? Object;
	class Definition extends Parent {}
	Object.defineProperty(Definition, "name", { value: name });
	function _(def) {
		const inst = params?.Parent ? newError(Definition) : this;
		init(inst, def);
		const deferred = inst._zod.deferred;
		if (deferred) {
			for (const fn of deferred) fn();
			inst._zod.deferred = void 0;
		}
		const pp = globalThis.__zod_globalConfig?.postProcessor;
		if (pp) pp(inst);
		return inst;
	}
	Object.defineProperty(_, "init", { value: init });
	Object.defineProperty(_, Symbol.hasInstance, { value: (inst) => {
		if (params?.Parent && inst instanceof params.Parent) return true;
		return inst?._zod?.traits?.has(name);
	} });
	Object.defineProperty(_, "name", { value: name });
	return _;
}
function config(newConfig) {
	if (newConfig) Object.assign(globalConfig, newConfig);
	return globalConfig;
}
var _a$1, _zodDesc, _E, $ZodAsyncError, $ZodEncodeError, globalConfig;
var init_core$1 = __esmMin((() => {
	init_util();
	_zodDesc = {
		value: void 0,
		enumerable: false
	};
	_E = "captureStackTrace" in Error ? Error : null;
	$ZodAsyncError = class extends Error {
		constructor() {
			super(`Encountered Promise during synchronous parse. Use .parseAsync() instead.`);
		}
	};
	$ZodEncodeError = class extends Error {
		constructor(name) {
			super(`Encountered unidirectional transform during encode: ${name}`);
			this.name = "ZodEncodeError";
		}
	};
	(_a$1 = globalThis).__zod_globalConfig ?? (_a$1.__zod_globalConfig = {});
	globalConfig = globalThis.__zod_globalConfig;
}));
// node_modules/zod/v4/core/errors.js
function _getMessage() {
	const internals = this._zod;
	internals.message ?? (internals.message = JSON.stringify(internals.def, jsonStringifyReplacer, 2));
	return internals.message;
}
function _setMessage(value) {
	this._zod.message = value;
}
/** Get-or-create `obj[key]` as an own data property. A path segment naming an inherited member
* ("toString", "constructor") would otherwise read through to the prototype, and assigning
* "__proto__" would hit the setter instead of creating a key. */
function node(obj, key, make) {
	if (!Object.prototype.hasOwnProperty.call(obj, key)) {
		if (key === "__proto__") Object.defineProperty(obj, key, {
			value: make(),
			writable: true,
			enumerable: true,
			configurable: true
		});
		else obj[key] = make();
	}
	return obj[key];
}
function flattenError(error, mapper = (issue) => issue.message) {
	const fieldErrors = {};
	const formErrors = [];
	for (const sub of error.issues) if (sub.path.length > 0) node(fieldErrors, sub.path[0], () => []).push(mapper(sub));
	else formErrors.push(mapper(sub));
	return {
		formErrors,
		fieldErrors
	};
}
function formatError(error, mapper = (issue) => issue.message) {
	const fieldErrors = { _errors: [] };
	const processError = (error, path = []) => {
		for (const issue of error.issues) if (issue.code === "invalid_union" && issue.errors.length) issue.errors.map((issues) => processError({ issues }, [...path, ...issue.path]));
		else if (issue.code === "invalid_key") processError({ issues: issue.issues }, [...path, ...issue.path]);
		else if (issue.code === "invalid_element") processError({ issues: issue.issues }, [...path, ...issue.path]);
		else {
			const fullpath = [...path, ...issue.path];
			if (fullpath.length === 0) fieldErrors._errors.push(mapper(issue));
			else {
				let curr = fieldErrors;
				let i = 0;
				while (i < fullpath.length) {
					const el = fullpath[i];
					const terminal = i === fullpath.length - 1;
					if (el === "_errors") {
						if (terminal) curr._errors.push(mapper(issue));
						i++;
						continue;
					}
					if (!Object.prototype.hasOwnProperty.call(curr, el)) Object.defineProperty(curr, el, {
						value: { _errors: [] },
						enumerable: true,
						writable: true,
						configurable: true
					});
					const node = curr[el];
					if (terminal) node._errors.push(mapper(issue));
					curr = node;
					i++;
				}
			}
		}
	};
	processError(error);
	return fieldErrors;
}
var _messageDesc, _issuesDesc, _installedToString, initializer$1, $ZodError;
var init_errors$2 = __esmMin((() => {
	init_core$1();
	init_util();
	_messageDesc = {
		get: _getMessage,
		set: _setMessage,
		enumerable: true,
		configurable: true
	};
	_issuesDesc = {
		value: void 0,
		enumerable: false
	};
	_installedToString = /* @__PURE__ */ new WeakSet([Object.prototype, Error.prototype]);
	initializer$1 = (inst, def) => {
		inst.name = "$ZodError";
		_issuesDesc.value = def;
		Object.defineProperty(inst, "issues", _issuesDesc);
		_issuesDesc.value = void 0;
		Object.defineProperty(inst, "message", _messageDesc);
		const proto = Object.getPrototypeOf(inst);
		if (!_installedToString.has(proto)) {
			_installedToString.add(proto);
			Object.defineProperty(proto, "toString", {
				configurable: true,
				enumerable: false,
				get() {
					const value = () => this.message;
					Object.defineProperty(this, "toString", {
						value,
						configurable: true,
						writable: true
					});
					return value;
				},
				set(value) {
					Object.defineProperty(this, "toString", {
						value,
						configurable: true,
						writable: true
					});
				}
			});
		}
	};
	$ZodError = /* @__PURE__ */ $constructor("$ZodError", initializer$1);
}));
// node_modules/zod/v4/core/parse.js
function finalizeParams(callee, params) {
	return {
		callee: params?.callee ?? callee,
		Err: params?.Err
	};
}
function failure$2(Err, issues, ctx) {
	let error;
	return {
		success: false,
		get error() {
			if (!error) {
				error = new Err(issues.map((iss) => finalizeIssue(iss, ctx, config())));
				issues = void 0;
				ctx = void 0;
			}
			return error;
		},
		set error(e) {
			error = e;
			issues = void 0;
			ctx = void 0;
		}
	};
}
function validateFallback(schema, value, _ctx) {
	const ctx = _ctx ? {
		..._ctx,
		async: false,
		abortEarly: true
	} : {
		async: false,
		abortEarly: true
	};
	const fallbackRun = schema._zod.bag.fallbackRun;
	let result;
	if (fallbackRun) {
		ctx[COMPILE_FALLBACK] = true;
		result = fallbackRun({
			value,
			issues: []
		}, ctx);
	} else result = schema._zod.run({
		value,
		issues: []
	}, ctx);
	if (result instanceof Promise) throw new $ZodAsyncError();
	return result.issues.length === 0;
}
var _parse, _parseAsync, _safeParse, _safeParseAsync, COMPILE_INVALID, COMPILE_FALLBACK, validate, validateAsync$1, _encode, _decode, _encodeAsync, _decodeAsync, _safeEncode, _safeDecode, _safeEncodeAsync, _safeDecodeAsync;
var init_parse$2 = __esmMin((() => {
	init_core$1();
	init_util();
	_parse = (_Err) => {
		const fn = (schema, value, _ctx, _params) => {
			const ctx = _ctx ? {
				..._ctx,
				async: false
			} : { async: false };
			const result = schema._zod.run({
				value,
				issues: []
			}, ctx);
			if (result instanceof Promise) throw new $ZodAsyncError();
			if (result.issues.length) {
				const e = new ((_params?.Err) ?? _Err)(result.issues.map((iss) => finalizeIssue(iss, ctx, config())));
				captureStackTrace(e, _params?.callee ?? fn);
				throw e;
			}
			return result.value;
		};
		return fn;
	};
	_parseAsync = (_Err) => {
		const fn = async (schema, value, _ctx, params) => {
			const ctx = _ctx ? {
				..._ctx,
				async: true
			} : { async: true };
			let result = schema._zod.run({
				value,
				issues: []
			}, ctx);
			if (result instanceof Promise) result = await result;
			if (result.issues.length) {
				const e = new ((params?.Err) ?? _Err)(result.issues.map((iss) => finalizeIssue(iss, ctx, config())));
				captureStackTrace(e, params?.callee ?? fn);
				throw e;
			}
			return result.value;
		};
		return fn;
	};
	_safeParse = (_Err) => (schema, value, _ctx) => {
		const ctx = _ctx ? {
			..._ctx,
			async: false
		} : { async: false };
		const result = schema._zod.run({
			value,
			issues: []
		}, ctx);
		if (result instanceof Promise) throw new $ZodAsyncError();
		return result.issues.length ? failure$2(_Err, result.issues, ctx) : {
			success: true,
			data: result.value
		};
	};
	_safeParseAsync = (_Err) => async (schema, value, _ctx) => {
		const ctx = _ctx ? {
			..._ctx,
			async: true
		} : { async: true };
		let result = schema._zod.run({
			value,
			issues: []
		}, ctx);
		if (result instanceof Promise) result = await result;
		return result.issues.length ? failure$2(_Err, result.issues, ctx) : {
			success: true,
			data: result.value
		};
	};
	COMPILE_INVALID = /* @__PURE__ */ Symbol.for("zod.compile.invalid");
	COMPILE_FALLBACK = /* @__PURE__ */ Symbol.for("zod.compile.fallback");
	validate = ((schema, value, _ctx) => {
		const validator = schema._zod.bag.validator;
		if (validator !== void 0) {
			if (validator(value) !== COMPILE_INVALID) return true;
			if (validator.definite === true && _ctx === void 0) return false;
		}
		return validateFallback(schema, value, _ctx);
	});
	validateAsync$1 = async (schema, value, _ctx) => {
		const ctx = _ctx ? {
			..._ctx,
			async: true,
			abortEarly: true
		} : {
			async: true,
			abortEarly: true
		};
		let result = schema._zod.run({
			value,
			issues: []
		}, ctx);
		if (result instanceof Promise) result = await result;
		return result.issues.length === 0;
	};
	_encode = (_Err) => {
		const parse = _parse(_Err);
		const fn = (schema, value, _ctx, _params) => {
			const ctx = _ctx ? {
				..._ctx,
				direction: "backward"
			} : { direction: "backward" };
			return parse(schema, value, ctx, finalizeParams(fn, _params));
		};
		return fn;
	};
	_decode = (_Err) => {
		const parse = _parse(_Err);
		const fn = (schema, value, _ctx, _params) => {
			return parse(schema, value, _ctx, finalizeParams(fn, _params));
		};
		return fn;
	};
	_encodeAsync = (_Err) => {
		const parseAsync = _parseAsync(_Err);
		const fn = async (schema, value, _ctx, _params) => {
			const ctx = _ctx ? {
				..._ctx,
				direction: "backward"
			} : { direction: "backward" };
			return await parseAsync(schema, value, ctx, finalizeParams(fn, _params));
		};
		return fn;
	};
	_decodeAsync = (_Err) => {
		const parseAsync = _parseAsync(_Err);
		const fn = async (schema, value, _ctx, _params) => {
			return await parseAsync(schema, value, _ctx, finalizeParams(fn, _params));
		};
		return fn;
	};
	_safeEncode = (_Err) => (schema, value, _ctx) => {
		const ctx = _ctx ? {
			..._ctx,
			direction: "backward"
		} : { direction: "backward" };
		return _safeParse(_Err)(schema, value, ctx);
	};
	_safeDecode = (_Err) => (schema, value, _ctx) => {
		return _safeParse(_Err)(schema, value, _ctx);
	};
	_safeEncodeAsync = (_Err) => async (schema, value, _ctx) => {
		const ctx = _ctx ? {
			..._ctx,
			direction: "backward"
		} : { direction: "backward" };
		return _safeParseAsync(_Err)(schema, value, ctx);
	};
	_safeDecodeAsync = (_Err) => async (schema, value, _ctx) => {
		return _safeParseAsync(_Err)(schema, value, _ctx);
	};
}));
// node_modules/zod/v4/core/regexes.js
function nanoidOfLength(length) {
	return new RegExp(`^[a-zA-Z0-9_-]{${length}}$`);
}
function emoji() {
	return new RegExp(_emoji$1, "u");
}
/** Anchors a pattern source. The interpolation lives here rather than at the call site because
* esbuild will not drop a `@__PURE__` call whose own argument interpolates a variable, but it
* will drop `anchor(dateSource)`. Keeping it inline pinned `date` into every bundle. */
function anchor(source) {
	return new RegExp(`^${source}$`);
}
function timeSource(args) {
	const hhmm = `(?:[01]\\d|2[0-3]):[0-5]\\d`;
	return typeof args.precision === "number" ? args.precision === -1 ? `${hhmm}` : args.precision === 0 ? `${hhmm}:[0-5]\\d` : `${hhmm}:[0-5]\\d\\.\\d{${args.precision}}` : args.seconds ? `${hhmm}:[0-5]\\d(?:\\.\\d+)?` : `${hhmm}(?::[0-5]\\d(?:\\.\\d+)?)?`;
}
function time(args) {
	return new RegExp(`^${timeSource(args)}$`);
}
function datetime$1(args) {
	const opts = ["Z"];
	if (args.offset) opts.push(`([+-](?:[01]\\d|2[0-3]):[0-5]\\d)`);
	const qualified = `${timeSource({
		precision: args.precision,
		seconds: true
	})}(?:${opts.join("|")})`;
	const timeRegex = args.local ? `${qualified}|${timeSource({ precision: args.precision })}` : qualified;
	return new RegExp(`^${dateSource}T(?:${timeRegex})$`);
}
var cuid, cuid2, ulid, xid, ksuid, nanoid, duration, guid, uuid, email$1, _emoji$1, ipv4, ipv6, cidrv4, cidrv6, base64, base64url, httpProtocol, e164, dateSource, date, anyString, string$1, integer, number$1, boolean$1, lowercase, uppercase;
var init_regexes = __esmMin((() => {
	cuid = /^[cC][0-9a-z]{6,}$/;
	cuid2 = /^[0-9a-z]+$/;
	ulid = /^[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$/;
	xid = /^[0-9a-vA-V]{20}$/;
	ksuid = /^[A-Za-z0-9]{27}$/;
	nanoid = /^[a-zA-Z0-9_-]{21}$/;
	duration = /^P(?:(\d+W)|(?!.*W)(?=\d|T\d)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?)$/;
	guid = /^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$/;
	uuid = (version) => {
		if (!version) return /^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$/;
		return new RegExp(`^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-${version}[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12})$`);
	};
	email$1 = /^(?:[A-Za-z0-9_'+\-]+\.)*[A-Za-z0-9_'+\-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9\-]*\.)+[A-Za-z]{2,}$/;
	_emoji$1 = `^(?=[\\s\\S]*[\\p{Extended_Pictographic}\\p{Regional_Indicator}\\u20E3])[\\p{Extended_Pictographic}\\p{Emoji_Component}]+$`;
	ipv4 = /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])$/;
	ipv6 = /^(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,5}(:[0-9a-fA-F]{1,4}){1,2}|([0-9a-fA-F]{1,4}:){1,4}(:[0-9a-fA-F]{1,4}){1,3}|([0-9a-fA-F]{1,4}:){1,3}(:[0-9a-fA-F]{1,4}){1,4}|([0-9a-fA-F]{1,4}:){1,2}(:[0-9a-fA-F]{1,4}){1,5}|[0-9a-fA-F]{1,4}:((:[0-9a-fA-F]{1,4}){1,6})|:((:[0-9a-fA-F]{1,4}){1,7}|:))$/;
	cidrv4 = /^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\/([0-9]|[1-2][0-9]|3[0-2])$/;
	cidrv6 = /^(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,5}(:[0-9a-fA-F]{1,4}){1,2}|([0-9a-fA-F]{1,4}:){1,4}(:[0-9a-fA-F]{1,4}){1,3}|([0-9a-fA-F]{1,4}:){1,3}(:[0-9a-fA-F]{1,4}){1,4}|([0-9a-fA-F]{1,4}:){1,2}(:[0-9a-fA-F]{1,4}){1,5}|[0-9a-fA-F]{1,4}:((:[0-9a-fA-F]{1,4}){1,6})|:((:[0-9a-fA-F]{1,4}){1,7}|:))\/(12[0-8]|1[01][0-9]|[1-9]?[0-9])$/;
	base64 = /^$|^(?:[0-9a-zA-Z+/]{4})*(?:(?:[0-9a-zA-Z+/]{2}==)|(?:[0-9a-zA-Z+/]{3}=))?$/;
	base64url = /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2,3})?$/;
	httpProtocol = /^https?$/;
	e164 = /^\+[1-9]\d{6,14}$/;
	dateSource = `(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))`;
	date = /*@__PURE__*/ anchor(dateSource);
	anyString = /^[\s\S]{0,}$/;
	string$1 = (params) => {
		const regex = params ? `[\\s\\S]{${params?.minimum ?? 0},${params?.maximum ?? ""}}` : `[\\s\\S]*`;
		return new RegExp(`^${regex}$`);
	};
	integer = /^-?\d+$/;
	number$1 = /^-?\d+(?:\.\d+)?$/;
	boolean$1 = /^(?:true|false)$/i;
	lowercase = /^[^A-Z]*$/;
	uppercase = /^[^a-z]*$/;
}));
// node_modules/zod/v4/core/checks.js
var $ZodCheck, _whenHasLength, numericOriginMap, $ZodCheckLessThan, $ZodCheckGreaterThan, $ZodCheckMultipleOf, $ZodCheckNumberFormat, $ZodCheckMaxLength, $ZodCheckMinLength, $ZodCheckLengthEquals, $ZodCheckStringFormat, $ZodCheckRegex, $ZodCheckLowerCase, $ZodCheckUpperCase, $ZodCheckIncludes, $ZodCheckStartsWith, $ZodCheckEndsWith, $ZodCheckOverwrite;
var init_checks$4 = __esmMin((() => {
	init_core$1();
	init_regexes();
	init_util();
	$ZodCheck = /*@__PURE__*/ $constructor("$ZodCheck", (inst, def) => {
		var _a;
		inst._zod ?? (inst._zod = {});
		inst._zod.def = def;
		(_a = inst._zod).onattach ?? (_a.onattach = []);
	});
	_whenHasLength = (payload) => {
		const val = payload.value;
		return !nullish(val) && val.length !== void 0;
	};
	numericOriginMap = {
		number: "number",
		bigint: "bigint",
		object: "date"
	};
	$ZodCheckLessThan = /*@__PURE__*/ $constructor("$ZodCheckLessThan", (inst, def) => {
		$ZodCheck.init(inst, def);
		const origin = numericOriginMap[typeof def.value];
		inst._zod.check = (payload) => {
			if (def.inclusive ? payload.value <= def.value : payload.value < def.value) return;
			payload.issues.push({
				origin: numericOriginMap[typeof payload.value] ?? origin,
				code: "too_big",
				maximum: typeof def.value === "object" ? def.value.getTime() : def.value,
				input: payload.value,
				inclusive: def.inclusive,
				inst,
				continue: !def.abort
			});
		};
	});
	$ZodCheckGreaterThan = /*@__PURE__*/ $constructor("$ZodCheckGreaterThan", (inst, def) => {
		$ZodCheck.init(inst, def);
		const origin = numericOriginMap[typeof def.value];
		inst._zod.check = (payload) => {
			if (def.inclusive ? payload.value >= def.value : payload.value > def.value) return;
			payload.issues.push({
				origin: numericOriginMap[typeof payload.value] ?? origin,
				code: "too_small",
				minimum: typeof def.value === "object" ? def.value.getTime() : def.value,
				input: payload.value,
				inclusive: def.inclusive,
				inst,
				continue: !def.abort
			});
		};
	});
	$ZodCheckMultipleOf = /*@__PURE__*/ $constructor("$ZodCheckMultipleOf", (inst, def) => {
		$ZodCheck.init(inst, def);
		inst._zod.check = (payload) => {
			if (typeof payload.value !== typeof def.value) throw new Error("Cannot mix number and bigint in multiple_of check.");
			if (typeof payload.value === "bigint" ? def.value !== BigInt(0) && payload.value % def.value === BigInt(0) : floatSafeRemainder(payload.value, def.value) === 0) return;
			payload.issues.push({
				origin: typeof payload.value,
				code: "not_multiple_of",
				divisor: def.value,
				input: payload.value,
				inst,
				continue: !def.abort
			});
		};
	});
	$ZodCheckNumberFormat = /*@__PURE__*/ $constructor("$ZodCheckNumberFormat", (inst, def) => {
		$ZodCheck.init(inst, def);
		def.format = def.format || "float64";
		const isInt = def.format?.includes("int");
		const origin = isInt ? "int" : "number";
		const [minimum, maximum] = NUMBER_FORMAT_RANGES[def.format];
		inst._zod.check = (payload) => {
			const input = payload.value;
			if (isInt) {
				if (!Number.isInteger(input)) {
					payload.issues.push({
						expected: origin,
						format: def.format,
						code: "invalid_type",
						continue: false,
						input,
						inst
					});
					return;
				}
				if (!Number.isSafeInteger(input)) {
					if (input > 0) payload.issues.push({
						input,
						code: "too_big",
						maximum: Number.MAX_SAFE_INTEGER,
						note: "Integers must be within the safe integer range.",
						inst,
						origin,
						inclusive: true,
						continue: !def.abort
					});
					else payload.issues.push({
						input,
						code: "too_small",
						minimum: Number.MIN_SAFE_INTEGER,
						note: "Integers must be within the safe integer range.",
						inst,
						origin,
						inclusive: true,
						continue: !def.abort
					});
					return;
				}
			}
			if (input < minimum) payload.issues.push({
				origin: "number",
				input,
				code: "too_small",
				minimum,
				inclusive: true,
				inst,
				continue: !def.abort
			});
			if (input > maximum) payload.issues.push({
				origin: "number",
				input,
				code: "too_big",
				maximum,
				inclusive: true,
				inst,
				continue: !def.abort
			});
		};
	});
	$ZodCheckMaxLength = /*@__PURE__*/ $constructor("$ZodCheckMaxLength", (inst, def) => {
		var _a;
		$ZodCheck.init(inst, def);
		(_a = inst._zod.def).when ?? (_a.when = _whenHasLength);
		inst._zod.check = (payload) => {
			const input = payload.value;
			const units = input.length;
			if ((typeof input === "string" && units > def.maximum ? codePointLength(input) : units) <= def.maximum) return;
			const origin = getLengthableOrigin(input);
			payload.issues.push({
				origin,
				code: "too_big",
				maximum: def.maximum,
				inclusive: true,
				input,
				inst,
				continue: !def.abort
			});
		};
	});
	$ZodCheckMinLength = /*@__PURE__*/ $constructor("$ZodCheckMinLength", (inst, def) => {
		var _a;
		$ZodCheck.init(inst, def);
		(_a = inst._zod.def).when ?? (_a.when = _whenHasLength);
		inst._zod.check = (payload) => {
			const input = payload.value;
			const units = input.length;
			if ((typeof input === "string" && units >= def.minimum && units < def.minimum * 2 ? codePointLength(input) : units) >= def.minimum) return;
			const origin = getLengthableOrigin(input);
			payload.issues.push({
				origin,
				code: "too_small",
				minimum: def.minimum,
				inclusive: true,
				input,
				inst,
				continue: !def.abort
			});
		};
	});
	$ZodCheckLengthEquals = /*@__PURE__*/ $constructor("$ZodCheckLengthEquals", (inst, def) => {
		var _a;
		$ZodCheck.init(inst, def);
		(_a = inst._zod.def).when ?? (_a.when = _whenHasLength);
		inst._zod.check = (payload) => {
			const input = payload.value;
			const units = input.length;
			const length = typeof input === "string" && units >= def.length && units <= def.length * 2 ? codePointLength(input) : units;
			if (length === def.length) return;
			const origin = getLengthableOrigin(input);
			const tooBig = length > def.length;
			payload.issues.push({
				origin,
				...tooBig ? {
					code: "too_big",
					maximum: def.length
				} : {
					code: "too_small",
					minimum: def.length
				},
				inclusive: true,
				exact: true,
				input: payload.value,
				inst,
				continue: !def.abort
			});
		};
	});
	$ZodCheckStringFormat = /*@__PURE__*/ $constructor("$ZodCheckStringFormat", (inst, def) => {
		var _a, _b;
		$ZodCheck.init(inst, def);
		if (def.pattern) (_a = inst._zod).check ?? (_a.check = (payload) => {
			def.pattern.lastIndex = 0;
			if (def.pattern.test(payload.value)) return;
			payload.issues.push({
				origin: "string",
				code: "invalid_format",
				format: def.format,
				input: payload.value,
				...def.pattern ? { pattern: def.pattern.toString() } : {},
				inst,
				continue: !def.abort
			});
		});
		else (_b = inst._zod).check ?? (_b.check = () => {});
	});
	$ZodCheckRegex = /*@__PURE__*/ $constructor("$ZodCheckRegex", (inst, def) => {
		$ZodCheckStringFormat.init(inst, def);
		inst._zod.check = (payload) => {
			def.pattern.lastIndex = 0;
			if (def.pattern.test(payload.value)) return;
			payload.issues.push({
				origin: "string",
				code: "invalid_format",
				format: "regex",
				input: payload.value,
				pattern: def.pattern.toString(),
				inst,
				continue: !def.abort
			});
		};
	});
	$ZodCheckLowerCase = /*@__PURE__*/ $constructor("$ZodCheckLowerCase", (inst, def) => {
		def.pattern ?? (def.pattern = lowercase);
		$ZodCheckStringFormat.init(inst, def);
	});
	$ZodCheckUpperCase = /*@__PURE__*/ $constructor("$ZodCheckUpperCase", (inst, def) => {
		def.pattern ?? (def.pattern = uppercase);
		$ZodCheckStringFormat.init(inst, def);
	});
	$ZodCheckIncludes = /*@__PURE__*/ $constructor("$ZodCheckIncludes", (inst, def) => {
		$ZodCheck.init(inst, def);
		const escapedRegex = escapeRegex(def.includes);
		def.pattern = new RegExp(typeof def.position === "number" ? `^.{${def.position},}${escapedRegex}` : escapedRegex);
		inst._zod.check = (payload) => {
			if (payload.value.includes(def.includes, def.position)) return;
			payload.issues.push({
				origin: "string",
				code: "invalid_format",
				format: "includes",
				includes: def.includes,
				input: payload.value,
				inst,
				continue: !def.abort
			});
		};
	});
	$ZodCheckStartsWith = /*@__PURE__*/ $constructor("$ZodCheckStartsWith", (inst, def) => {
		$ZodCheck.init(inst, def);
		const pattern = new RegExp(`^${escapeRegex(def.prefix)}.*`);
		def.pattern ?? (def.pattern = pattern);
		inst._zod.check = (payload) => {
			if (payload.value.startsWith(def.prefix)) return;
			payload.issues.push({
				origin: "string",
				code: "invalid_format",
				format: "starts_with",
				prefix: def.prefix,
				input: payload.value,
				inst,
				continue: !def.abort
			});
		};
	});
	$ZodCheckEndsWith = /*@__PURE__*/ $constructor("$ZodCheckEndsWith", (inst, def) => {
		$ZodCheck.init(inst, def);
		const pattern = new RegExp(`.*${escapeRegex(def.suffix)}$`);
		def.pattern ?? (def.pattern = pattern);
		inst._zod.check = (payload) => {
			if (payload.value.endsWith(def.suffix)) return;
			payload.issues.push({
				origin: "string",
				code: "invalid_format",
				format: "ends_with",
				suffix: def.suffix,
				input: payload.value,
				inst,
				continue: !def.abort
			});
		};
	});
	$ZodCheckOverwrite = /*@__PURE__*/ $constructor("$ZodCheckOverwrite", (inst, def) => {
		$ZodCheck.init(inst, def);
		inst._zod.check = (payload) => {
			payload.value = def.tx(payload.value);
		};
	});
}));
// node_modules/zod/v4/core/doc.js
var Doc;
var init_doc = __esmMin((() => {
	Doc = class {
		constructor(args = [], closed = {}) {
			this.content = [];
			this.indent = 0;
			this.args = args;
			this.closed = closed;
		}
		indented(fn) {
			this.indent += 1;
			try {
				fn(this);
			} finally {
				this.indent -= 1;
			}
		}
		write(arg) {
			if (typeof arg === "function") {
				arg(this, { execution: "sync" });
				arg(this, { execution: "async" });
				return;
			}
			const lines = arg.split("\n").filter((x) => x);
			const minIndent = Math.min(...lines.map((x) => x.length - x.trimStart().length));
			const dedented = lines.map((x) => x.slice(minIndent)).map((x) => " ".repeat(this.indent * 2) + x);
			for (const line of dedented) this.content.push(line);
		}
		compile() {
			const F = Function;
			const content = this?.content ?? [``];
			return new F(...Object.keys(this.closed), `return function (${this.args.join(", ")}) {\n${content.join("\n")}\n};`)(...Object.values(this.closed));
		}
	};
}));
// node_modules/zod/v4/core/versions.js
var version;
var init_versions = __esmMin((() => {
	version = {
		major: 4,
		minor: 6,
		patch: 7
	};
}));
// node_modules/zod/v4/core/schemas.js
async function validateAsync(inst, value) {
	const ctx = { async: true };
	return toStandardResult(await inst._zod.run({
		value,
		issues: []
	}, ctx), ctx);
}
function standardProps(inst) {
	return {
		validate: (value) => {
			const ctx = { async: false };
			try {
				const r = inst._zod.run({
					value,
					issues: []
				}, ctx);
				if (!(r instanceof Promise)) return toStandardResult(r, ctx);
			} catch (_) {}
			return validateAsync(inst, value);
		},
		vendor: "zod",
		version: 1
	};
}
function canParseURL(input) {
	try {
		if (typeof URL !== "undefined" && typeof URL.canParse === "function") return URL.canParse(input);
		new URL(input);
		return true;
	} catch {
		return false;
	}
}
function validateURL(trimmed, def) {
	if (!("normalize" in def) && !("hostname" in def) && !("protocol" in def)) return canParseURL(trimmed) || 2;
	return parseURLObject(trimmed, def);
}
/** Parses a URL while preserving the non-normalizing HTTP guard. */
function parseURLObject(trimmed, def) {
	if (!def.normalize && def.protocol?.source === httpProtocol.source && !/^https?:\/\//i.test(trimmed)) return 1;
	try {
		if (typeof URL !== "undefined") {
			const URLStatic = URL;
			if (typeof URLStatic.parse === "function") return URLStatic.parse(trimmed) ?? 2;
		}
		return new URL(trimmed);
	} catch {
		return 2;
	}
}
/** The URL parser deletes every ASCII tab, LF and CR from its input before it parses, so `new URL("https://exa\nmple.com")` reports on `example.com`. Applying the same deletion to the returned value closes the half of that divergence which can move the host; the parser's other rewrite, stripping C0 controls at the edges, cannot. */
function stripTabAndNewline(value) {
	return value.replace(asciiTabOrNewline, "");
}
function urlHostnameOk(url, hostname) {
	hostname.lastIndex = 0;
	return hostname.test(url.hostname);
}
function urlProtocolOk(url, protocol) {
	protocol.lastIndex = 0;
	return protocol.test(url.protocol.endsWith(":") ? url.protocol.slice(0, -1) : url.protocol);
}
function isValidIPv6(value) {
	if (!ipv6Alphabet.test(value)) return false;
	return canParseURL(`http://[${value}]`);
}
function isValidCIDRv6(value) {
	const parts = value.split("/");
	if (parts.length !== 2) return false;
	const [address, prefix] = parts;
	if (!prefix) return false;
	const prefixNum = Number(prefix);
	if (`${prefixNum}` !== prefix) return false;
	if (prefixNum < 0 || prefixNum > 128) return false;
	return isValidIPv6(address);
}
function isValidBase64(data) {
	if (data === "") return true;
	if (/\s/.test(data)) return false;
	if (data.length % 4 !== 0) return false;
	try {
		atob(data);
		return true;
	} catch {
		return false;
	}
}
function isValidBase64URL(data) {
	if (!base64urlCharset.test(data)) return false;
	const base64 = data.replace(/[-_]/g, (c) => c === "-" ? "+" : "/");
	return isValidBase64(base64.padEnd(Math.ceil(base64.length / 4) * 4, "="));
}
function isValidJWT(token, algorithm = null) {
	try {
		const tokensParts = token.split(".");
		if (tokensParts.length !== 3) return false;
		const [header] = tokensParts;
		if (!header) return false;
		const parsedHeader = JSON.parse(atob(header));
		if ("typ" in parsedHeader && parsedHeader?.typ !== "JWT") return false;
		if (!parsedHeader.alg) return false;
		if (algorithm && (!("alg" in parsedHeader) || parsedHeader.alg !== algorithm)) return false;
		return true;
	} catch {
		return false;
	}
}
function capSize(inst, size) {
	const caps = sizeCaps(inst._zod.def.checks);
	if (!caps.length) return;
	const cap = Math.min(...caps.map((c) => c[0]));
	const parse = inst._zod.parse;
	inst._zod.parse = (payload, ctx) => {
		const n = size(payload.value);
		if (n > cap && !ctx?.skipChecks && ctx?.direction !== "backward") {
			for (const [max, ch] of sizeCaps(inst._zod.def.checks)) if (n > max && ch._zod.def.when(payload)) {
				const start = payload.issues.length;
				ch._zod.check(payload);
				payload.issues[start].continue = false;
				attachSchema(payload.issues, start, inst);
				return payload;
			}
		}
		return parse(payload, ctx);
	};
}
function handleArrayResult(result, final, index) {
	if (result.issues.length) final.issues.push(...prefixIssues(index, result.issues));
	final.value[index] = result.value;
}
function handlePropertyResult(result, final, key, input, optin, optout) {
	const isPresent = key in input;
	const isOptionalOut = optout === "optional";
	if (!isPresent && isOptionalOut && optin === "optional") return;
	if (result.issues.length) {
		if (optin !== void 0 && isOptionalOut && !isPresent) return;
		final.issues.push(...prefixIssues(key, result.issues));
	}
	if (!isPresent && optin === void 0) {
		if (!result.issues.length) final.issues.push({
			code: "invalid_type",
			expected: "nonoptional",
			input: void 0,
			path: [key]
		});
		return;
	}
	if (result.value === void 0) {
		if (isPresent || optin === "defaulted" && !isOptionalOut) final.value[key] = void 0;
	} else final.value[key] = result.value;
}
function normalizeDef(def) {
	const keys = Object.keys(def.shape);
	const ownSymbols = Object.getOwnPropertySymbols(def.shape);
	const symbolKeys = ownSymbols.length ? ownSymbols : NO_SYMBOL_KEYS;
	const allKeys = symbolKeys.length ? [...keys, ...symbolKeys] : keys;
	for (const k of allKeys) if (!def.shape?.[k]?._zod?.traits?.has("$ZodType")) throw new Error(`Invalid element at key "${String(k)}": expected a Zod schema`);
	const okeys = optionalKeys(def.shape);
	return {
		...def,
		allKeys,
		symbolKeys,
		keySet: new Set(keys),
		numKeys: keys.length,
		optionalKeys: new Set(okeys)
	};
}
function handleCatchall(proms, input, payload, ctx, def, inst, abortEarly) {
	const unrecognized = [];
	const keySet = def.keySet;
	const _catchall = def.catchall._zod;
	const t = _catchall.def.type;
	const optin = _catchall.optin;
	const optout = _catchall.optout;
	let seen = 0;
	for (const key in input) {
		if (abortEarly && payload.issues.length !== seen) {
			if (aborted(payload, seen)) break;
			seen = payload.issues.length;
		}
		if (keySet.has(key)) continue;
		if (key === "__proto__") {
			if (t === "never") unrecognized.push(key);
			continue;
		}
		if (t === "never") {
			unrecognized.push(key);
			continue;
		}
		const r = _catchall.run({
			value: input[key],
			issues: []
		}, ctx);
		if (r instanceof Promise) proms.push(r.then((r) => handlePropertyResult(r, payload, key, input, optin, optout)));
		else handlePropertyResult(r, payload, key, input, optin, optout);
	}
	if (unrecognized.length) payload.issues.push({
		code: "unrecognized_keys",
		keys: unrecognized,
		input,
		inst,
		continue: true
	});
	if (!proms.length) return payload;
	return Promise.all(proms).then(() => {
		return payload;
	});
}
function handleUnionResults(results, final, inst, ctx) {
	for (const result of results) if (result.issues.length === 0) {
		final.value = result.value;
		return final;
	}
	const nonaborted = results.filter((r) => !aborted(r));
	if (nonaborted.length === 1) {
		final.value = nonaborted[0].value;
		return nonaborted[0];
	}
	final.issues.push({
		code: "invalid_union",
		input: final.value,
		inst,
		errors: results.map((result) => result.issues.map((iss) => finalizeIssue(iss, ctx, config())))
	});
	return final;
}
function discriminatorMap(def) {
	const map = /* @__PURE__ */ new Map();
	for (const option of def.options) {
		const values = option._zod.propValues?.[def.discriminator];
		if (!values || values.size === 0) throw new Error(`Invalid discriminated union option at index "${def.options.indexOf(option)}"`);
		for (const value of values) if (map.has(value)) {
			if (value !== void 0) throw new Error(`Duplicate discriminator value "${String(value)}"`);
			map.set(value, null);
		} else map.set(value, option);
	}
	return map;
}
function mergeValues(a, b) {
	if (a === b) return {
		valid: true,
		data: a
	};
	if (a instanceof Date && b instanceof Date && +a === +b) return {
		valid: true,
		data: a
	};
	if (isPlainObject$1(a) && isPlainObject$1(b)) {
		const bKeys = Object.keys(b);
		const sharedKeys = Object.keys(a).filter((key) => bKeys.indexOf(key) !== -1);
		const newObj = {
			...a,
			...b
		};
		if (Object.prototype.hasOwnProperty.call(newObj, "__proto__")) delete newObj.__proto__;
		for (const key of sharedKeys) {
			if (key === "__proto__") continue;
			const sharedValue = mergeValues(a[key], b[key]);
			if (!sharedValue.valid) return {
				valid: false,
				mergeErrorPath: [key, ...sharedValue.mergeErrorPath]
			};
			newObj[key] = sharedValue.data;
		}
		return {
			valid: true,
			data: newObj
		};
	}
	if (Array.isArray(a) && Array.isArray(b)) {
		if (a.length !== b.length) return {
			valid: false,
			mergeErrorPath: []
		};
		const newArray = [];
		for (let index = 0; index < a.length; index++) {
			const itemA = a[index];
			const itemB = b[index];
			const sharedValue = mergeValues(itemA, itemB);
			if (!sharedValue.valid) return {
				valid: false,
				mergeErrorPath: [index, ...sharedValue.mergeErrorPath]
			};
			newArray.push(sharedValue.data);
		}
		return {
			valid: true,
			data: newArray
		};
	}
	return {
		valid: false,
		mergeErrorPath: []
	};
}
function handleIntersectionResults(result, left, right) {
	const unrecKeys = /* @__PURE__ */ new Map();
	let unrecIssue;
	const keyIssues = /* @__PURE__ */ new Map();
	const collect = (iss, side) => {
		let keys;
		if (iss.code === "unrecognized_keys" && !iss.path?.length) {
			unrecIssue ?? (unrecIssue = iss);
			keys = iss.keys;
		} else if (iss.code === "invalid_key" && iss.origin === "record" && iss.path?.length === 1) {
			const k = String(iss.path[0]);
			if (!keyIssues.has(k)) keyIssues.set(k, iss);
			keys = [k];
		} else return false;
		for (const k of keys) {
			if (!unrecKeys.has(k)) unrecKeys.set(k, {});
			unrecKeys.get(k)[side] = true;
		}
		return true;
	};
	for (const iss of left.issues) if (!collect(iss, "l")) result.issues.push(iss);
	for (const iss of right.issues) if (!collect(iss, "r")) result.issues.push(iss);
	const bothKeys = [...unrecKeys].filter(([, f]) => f.l && f.r).map(([k]) => k);
	if (bothKeys.length) {
		const aggregated = unrecIssue ? bothKeys.filter((k) => unrecIssue.keys.includes(k)) : [];
		if (aggregated.length) result.issues.push({
			...unrecIssue,
			keys: aggregated
		});
		for (const k of bothKeys) if (!aggregated.includes(k) && keyIssues.has(k)) result.issues.push(keyIssues.get(k));
	}
	const merged = mergeValues(left.value, right.value);
	if (!merged.valid) {
		if (aborted(result)) return result;
		throw new Error(`Unmergable intersection. Error path: ${JSON.stringify(merged.mergeErrorPath)}`);
	}
	result.value = merged.data;
	return result;
}
function getTupleOptStart(items, key) {
	for (let i = items.length - 1; i >= 0; i--) if (!(key === "optin" ? items[i]._zod.optin !== void 0 : items[i]._zod.optout === "optional")) return i + 1;
	return 0;
}
function handleTupleResult(result, final, index) {
	if (result.issues.length) final.issues.push(...prefixIssues(index, result.issues));
	final.value[index] = result.value;
}
function handleTupleResults(itemResults, final, items, input, optoutStart) {
	for (let i = 0; i < items.length; i++) {
		const r = itemResults[i];
		const isPresent = i < input.length;
		if (!isPresent && i >= optoutStart && items[i]._zod.optin === "optional") {
			final.value.length = i;
			break;
		}
		if (r.issues.length) {
			if (!isPresent && i >= optoutStart) {
				final.value.length = i;
				break;
			}
			final.issues.push(...prefixIssues(i, r.issues));
		}
		final.value[i] = r.value;
	}
	for (let i = final.value.length - 1; i >= input.length; i--) if (items[i]._zod.optout === "optional" && final.value[i] === void 0) final.value.length = i;
	else break;
	return final;
}
function handleOptionalResult(payload, result) {
	payload.value = result.issues.length ? void 0 : result.value;
	return payload;
}
function handleDefaultResult(payload, def) {
	if (payload.value === void 0) payload.value = def.defaultValue;
	return payload;
}
function handleNonOptionalResult(payload, inst) {
	if (!payload.issues.length && payload.value === void 0) payload.issues.push({
		code: "invalid_type",
		expected: "nonoptional",
		input: payload.value,
		inst
	});
	return payload;
}
function handleCatchResult(payload, result, def, ctx) {
	if (!result.issues.length) {
		payload.value = result.value;
		if (result.memo) payload.memo = true;
		return payload;
	}
	payload.value = def.catchValue({
		...result,
		value: payload.value,
		error: { issues: result.issues.map((iss) => finalizeIssue(iss, ctx, config())) },
		input: payload.value
	});
	return payload;
}
function handlePipeResult(left, next, ctx) {
	if (left.issues.some((iss) => iss.code !== "unrecognized_keys")) {
		left.aborted = true;
		return left;
	}
	return next._zod.run({
		value: left.value,
		issues: left.issues
	}, ctx);
}
function handleCodecAResult(result, def, ctx) {
	if (result.issues.length) {
		result.aborted = true;
		return result;
	}
	if ((ctx.direction || "forward") === "forward") {
		const transformed = def.transform(result.value, result);
		if (transformed instanceof Promise) return transformed.then((value) => handleCodecTxResult(result, value, def.out, ctx));
		return handleCodecTxResult(result, transformed, def.out, ctx);
	} else {
		const transformed = def.reverseTransform(result.value, result);
		if (transformed instanceof Promise) return transformed.then((value) => handleCodecTxResult(result, value, def.in, ctx));
		return handleCodecTxResult(result, transformed, def.in, ctx);
	}
}
function handleCodecTxResult(left, value, nextSchema, ctx) {
	if (left.issues.length) {
		left.aborted = true;
		return left;
	}
	return nextSchema._zod.run({
		value,
		issues: left.issues
	}, ctx);
}
function handleReadonlyResult(payload) {
	if (!payload.memo) payload.value = Object.freeze(payload.value);
	return payload;
}
function leafPattern(schema) {
	const def = schema._zod.def;
	let pattern = def.pattern;
	let isInt = !!def.format?.includes("int");
	let minimum;
	let maximum;
	for (const ch of def.checks ?? []) {
		const d = ch._zod.def;
		if (d.pattern) pattern = d.pattern;
		isInt || (isInt = !!d.format?.includes("int"));
		const lo = d.minimum ?? d.length;
		const hi = d.maximum ?? d.length;
		if (lo !== void 0 && (minimum === void 0 || lo > minimum)) minimum = lo;
		if (hi !== void 0 && (maximum === void 0 || hi < maximum)) maximum = hi;
	}
	if (pattern) return pattern.source;
	if (minimum !== void 0 && maximum !== void 0 && minimum > maximum) return "(?!)";
	if (minimum !== void 0 || maximum !== void 0) return string$1({
		minimum,
		maximum
	}).source;
	const own = schema._zod.pattern;
	return (isInt && own === number$1 ? integer : own)?.source;
}
function partPattern(schema) {
	const def = schema._zod.def;
	const own = schema._zod.pattern?.source;
	const inner = def.innerType ?? schema._zod.innerType;
	if (inner) {
		const before = inner._zod.pattern?.source;
		const after = partPattern(inner);
		if (own && before && after && after !== before) return own.replace(cleanRegex(before), () => cleanRegex(after));
		return own;
	}
	if (def.options) {
		const sources = def.options.map(partPattern);
		if (sources.every(Boolean)) return `^(${sources.map((s) => cleanRegex(s)).join("|")})$`;
	}
	return leafPattern(schema);
}
function handleRefineResult(result, payload, input, inst) {
	if (!result) {
		const _iss = {
			code: "custom",
			input,
			inst,
			path: [...inst._zod.def.path ?? []],
			continue: !inst._zod.def.abort
		};
		if (inst._zod.def.params) _iss.params = inst._zod.def.params;
		payload.issues.push(issue(_iss));
	}
}
var $ZodType, toStandardResult, $ZodString, $ZodStringFormat, $ZodGUID, $ZodUUID, $ZodEmail, asciiTabOrNewline, $ZodURL, $ZodEmoji, $ZodNanoID, $ZodCUID, $ZodCUID2, $ZodULID, $ZodXID, $ZodKSUID, $ZodISODateTime, $ZodISODate, $ZodISOTime, $ZodISODuration, $ZodIPv4, ipv6Alphabet, $ZodIPv6, $ZodCIDRv4, $ZodCIDRv6, base64Charset, $ZodBase64, base64urlCharset, $ZodBase64URL, $ZodE164, $ZodJWT, $ZodNumber, $ZodNumberFormat, $ZodBoolean, $ZodUnknown, $ZodNever, arraySize, $ZodArray, NO_SYMBOL_KEYS, $ZodObject, $ZodObjectJIT, $ZodUnion, $ZodDiscriminatedUnion, $ZodIntersection, $ZodTuple, $ZodRecord, $ZodEnum, $ZodLiteral, $ZodTransform, $ZodOptional, $ZodExactOptional, $ZodNullable, $ZodDefault, $ZodPrefault, $ZodNonOptional, $ZodCatch, $ZodPipe, $ZodCodec, $ZodReadonly, $ZodTemplateLiteral, $ZodCustom;
var init_schemas$1 = __esmMin((() => {
	init_checks$4();
	init_core$1();
	init_doc();
	init_regexes();
	init_util();
	init_versions();
	$ZodType = /*@__PURE__*/ $constructor("$ZodType", (inst, def) => {
		var _a;
		inst ?? (inst = {});
		inst._zod.def = def;
		inst._zod.bag = inst._zod.bag || {};
		inst._zod.version = version;
		const defChecks = inst._zod.def.checks;
		const checks = inst._zod.traits.has("$ZodCheck") ? [inst, ...defChecks ?? []] : defChecks?.length ? [...defChecks] : [];
		for (const ch of checks) for (const fn of ch._zod.onattach) fn(inst);
		if (checks.length === 0) {
			(_a = inst._zod).deferred ?? (_a.deferred = []);
			inst._zod.deferred?.push(() => {
				inst._zod.run = inst._zod.parse;
			});
		} else {
			const runChecks = (payload, checks, ctx) => {
				if (payload.memo) return payload;
				let isAborted = aborted(payload);
				let asyncResult;
				for (const ch of checks) {
					if (ch._zod.def.when) {
						if (explicitlyAborted(payload)) continue;
						if (!ch._zod.def.when(payload)) continue;
					} else if (isAborted) continue;
					const currLen = payload.issues.length;
					const _ = ch._zod.check(payload);
					if (_ instanceof Promise && ctx?.async === false) throw new $ZodAsyncError();
					if (asyncResult || _ instanceof Promise) asyncResult = (asyncResult ?? Promise.resolve()).then(async () => {
						await _;
						if (payload.issues.length === currLen) return;
						attachSchema(payload.issues, currLen, inst);
						if (!isAborted) isAborted = aborted(payload, currLen);
					});
					else {
						if (payload.issues.length === currLen) continue;
						attachSchema(payload.issues, currLen, inst);
						if (!isAborted) isAborted = aborted(payload, currLen);
					}
				}
				if (asyncResult) return asyncResult.then(() => {
					return payload;
				});
				return payload;
			};
			const handleCanaryResult = (canary, payload, ctx) => {
				if (aborted(canary)) {
					canary.aborted = true;
					return canary;
				}
				const checkResult = runChecks(payload, checks, ctx);
				if (checkResult instanceof Promise) {
					if (ctx.async === false) throw new $ZodAsyncError();
					return checkResult.then((checkResult) => inst._zod.parse(checkResult, ctx));
				}
				return inst._zod.parse(checkResult, ctx);
			};
			inst._zod.run = (payload, ctx) => {
				if (ctx.skipChecks) return inst._zod.parse(payload, ctx);
				if (ctx.direction === "backward") {
					const canary = inst._zod.parse({
						value: payload.value,
						issues: []
					}, {
						...ctx,
						skipChecks: true
					});
					if (canary instanceof Promise) return canary.then((canary) => {
						return handleCanaryResult(canary, payload, ctx);
					});
					return handleCanaryResult(canary, payload, ctx);
				}
				const result = inst._zod.parse(payload, ctx);
				if (result instanceof Promise) {
					if (ctx.async === false) throw new $ZodAsyncError();
					return result.then((result) => runChecks(result, checks, ctx));
				}
				return runChecks(result, checks, ctx);
			};
		}
	}, {
		get "~standard"() {
			return hide$1(this, "~standard", standardProps(this));
		},
		set "~standard"(value) {
			own$1(this, "~standard", value);
		}
	});
	toStandardResult = (r, ctx) => r.issues.length ? { issues: r.issues.map((iss) => finalizeIssue(iss, ctx, config())) } : { value: r.value };
	$ZodString = /*@__PURE__*/ $constructor("$ZodString", (inst, def) => {
		$ZodType.init(inst, def);
		inst._zod.pattern = def.pattern ?? anyString;
		inst._zod.parse = (payload, _) => {
			if (def.coerce) try {
				payload.value = String(payload.value);
			} catch (_) {}
			if (typeof payload.value === "string") return payload;
			payload.issues.push({
				expected: "string",
				code: "invalid_type",
				input: payload.value,
				inst
			});
			return payload;
		};
	});
	$ZodStringFormat = /*@__PURE__*/ $constructor("$ZodStringFormat", (inst, def) => {
		$ZodCheckStringFormat.init(inst, def);
		$ZodString.init(inst, def);
	});
	$ZodGUID = /*@__PURE__*/ $constructor("$ZodGUID", (inst, def) => {
		def.pattern ?? (def.pattern = guid);
		$ZodStringFormat.init(inst, def);
	});
	$ZodUUID = /*@__PURE__*/ $constructor("$ZodUUID", (inst, def) => {
		if (def.version) {
			const v = {
				v1: 1,
				v2: 2,
				v3: 3,
				v4: 4,
				v5: 5,
				v6: 6,
				v7: 7,
				v8: 8
			}[def.version];
			if (v === void 0) throw new Error(`Invalid UUID version: "${def.version}"`);
			def.pattern ?? (def.pattern = uuid(v));
		} else def.pattern ?? (def.pattern = uuid());
		$ZodStringFormat.init(inst, def);
	});
	$ZodEmail = /*@__PURE__*/ $constructor("$ZodEmail", (inst, def) => {
		def.pattern ?? (def.pattern = email$1);
		$ZodStringFormat.init(inst, def);
	});
	asciiTabOrNewline = /[\t\n\r]/g;
	$ZodURL = /*@__PURE__*/ $constructor("$ZodURL", (inst, def) => {
		$ZodStringFormat.init(inst, def);
		inst._zod.check = (payload) => {
			try {
				const trimmed = payload.value.trim();
				const url = validateURL(trimmed, def);
				if (url === 1) {
					payload.issues.push({
						code: "invalid_format",
						format: "url",
						note: "Invalid URL format",
						input: payload.value,
						inst,
						continue: !def.abort
					});
					return;
				}
				if (url === 2) {
					payload.issues.push({
						code: "invalid_format",
						format: "url",
						input: payload.value,
						inst,
						continue: !def.abort
					});
					return;
				}
				if (url === true) {
					payload.value = stripTabAndNewline(trimmed);
					return;
				}
				if (def.hostname && !urlHostnameOk(url, def.hostname)) payload.issues.push({
					code: "invalid_format",
					format: "url",
					note: "Invalid hostname",
					pattern: def.hostname.source,
					input: payload.value,
					inst,
					continue: !def.abort
				});
				if (def.protocol && !urlProtocolOk(url, def.protocol)) payload.issues.push({
					code: "invalid_format",
					format: "url",
					note: "Invalid protocol",
					pattern: def.protocol.source,
					input: payload.value,
					inst,
					continue: !def.abort
				});
				payload.value = def.normalize ? url.href : stripTabAndNewline(trimmed);
				return;
			} catch (_) {
				payload.issues.push({
					code: "invalid_format",
					format: "url",
					input: payload.value,
					inst,
					continue: !def.abort
				});
			}
		};
	});
	$ZodEmoji = /*@__PURE__*/ $constructor("$ZodEmoji", (inst, def) => {
		def.pattern ?? (def.pattern = emoji());
		$ZodStringFormat.init(inst, def);
	});
	$ZodNanoID = /*@__PURE__*/ $constructor("$ZodNanoID", (inst, def) => {
		if (def.length !== void 0 && (!Number.isInteger(def.length) || def.length < 1)) throw new Error(`Invalid nanoid length: ${def.length}`);
		def.pattern ?? (def.pattern = def.length === void 0 ? nanoid : nanoidOfLength(def.length));
		$ZodStringFormat.init(inst, def);
	});
	$ZodCUID = /*@__PURE__*/ $constructor("$ZodCUID", (inst, def) => {
		def.pattern ?? (def.pattern = cuid);
		$ZodStringFormat.init(inst, def);
	});
	$ZodCUID2 = /*@__PURE__*/ $constructor("$ZodCUID2", (inst, def) => {
		def.pattern ?? (def.pattern = cuid2);
		$ZodStringFormat.init(inst, def);
	});
	$ZodULID = /*@__PURE__*/ $constructor("$ZodULID", (inst, def) => {
		def.pattern ?? (def.pattern = ulid);
		$ZodStringFormat.init(inst, def);
	});
	$ZodXID = /*@__PURE__*/ $constructor("$ZodXID", (inst, def) => {
		def.pattern ?? (def.pattern = xid);
		$ZodStringFormat.init(inst, def);
	});
	$ZodKSUID = /*@__PURE__*/ $constructor("$ZodKSUID", (inst, def) => {
		def.pattern ?? (def.pattern = ksuid);
		$ZodStringFormat.init(inst, def);
	});
	$ZodISODateTime = /*@__PURE__*/ $constructor("$ZodISODateTime", (inst, def) => {
		def.pattern ?? (def.pattern = datetime$1(def));
		$ZodStringFormat.init(inst, def);
	});
	$ZodISODate = /*@__PURE__*/ $constructor("$ZodISODate", (inst, def) => {
		def.pattern ?? (def.pattern = date);
		$ZodStringFormat.init(inst, def);
	});
	$ZodISOTime = /*@__PURE__*/ $constructor("$ZodISOTime", (inst, def) => {
		def.pattern ?? (def.pattern = time(def));
		$ZodStringFormat.init(inst, def);
	});
	$ZodISODuration = /*@__PURE__*/ $constructor("$ZodISODuration", (inst, def) => {
		def.pattern ?? (def.pattern = duration);
		$ZodStringFormat.init(inst, def);
	});
	$ZodIPv4 = /*@__PURE__*/ $constructor("$ZodIPv4", (inst, def) => {
		def.pattern ?? (def.pattern = ipv4);
		$ZodStringFormat.init(inst, def);
	});
	ipv6Alphabet = /^[0-9a-fA-F:.]+$/;
	$ZodIPv6 = /*@__PURE__*/ $constructor("$ZodIPv6", (inst, def) => {
		def.pattern ?? (def.pattern = ipv6);
		$ZodStringFormat.init(inst, def);
		inst._zod.check = (payload) => {
			if (!isValidIPv6(payload.value)) payload.issues.push({
				code: "invalid_format",
				format: "ipv6",
				input: payload.value,
				inst,
				continue: !def.abort
			});
		};
	});
	$ZodCIDRv4 = /*@__PURE__*/ $constructor("$ZodCIDRv4", (inst, def) => {
		def.pattern ?? (def.pattern = cidrv4);
		$ZodStringFormat.init(inst, def);
	});
	$ZodCIDRv6 = /*@__PURE__*/ $constructor("$ZodCIDRv6", (inst, def) => {
		def.pattern ?? (def.pattern = cidrv6);
		$ZodStringFormat.init(inst, def);
		inst._zod.check = (payload) => {
			if (!isValidCIDRv6(payload.value)) payload.issues.push({
				code: "invalid_format",
				format: "cidrv6",
				input: payload.value,
				inst,
				continue: !def.abort
			});
		};
	});
	base64Charset = /^[0-9a-zA-Z+/]*={0,2}$/;
	$ZodBase64 = /*@__PURE__*/ $constructor("$ZodBase64", (inst, def) => {
		def.pattern ?? (def.pattern = base64Charset);
		$ZodStringFormat.init(inst, def);
		inst._zod.check = (payload) => {
			if (isValidBase64(payload.value)) return;
			payload.issues.push({
				code: "invalid_format",
				format: "base64",
				input: payload.value,
				inst,
				continue: !def.abort
			});
		};
	});
	base64urlCharset = /^[A-Za-z0-9_-]*$/;
	$ZodBase64URL = /*@__PURE__*/ $constructor("$ZodBase64URL", (inst, def) => {
		def.pattern ?? (def.pattern = base64urlCharset);
		$ZodStringFormat.init(inst, def);
		inst._zod.check = (payload) => {
			if (isValidBase64URL(payload.value)) return;
			payload.issues.push({
				code: "invalid_format",
				format: "base64url",
				input: payload.value,
				inst,
				continue: !def.abort
			});
		};
	});
	$ZodE164 = /*@__PURE__*/ $constructor("$ZodE164", (inst, def) => {
		def.pattern ?? (def.pattern = e164);
		$ZodStringFormat.init(inst, def);
	});
	$ZodJWT = /*@__PURE__*/ $constructor("$ZodJWT", (inst, def) => {
		$ZodStringFormat.init(inst, def);
		inst._zod.check = (payload) => {
			if (isValidJWT(payload.value, def.alg)) return;
			payload.issues.push({
				code: "invalid_format",
				format: "jwt",
				input: payload.value,
				inst,
				continue: !def.abort
			});
		};
	});
	$ZodNumber = /*@__PURE__*/ $constructor("$ZodNumber", (inst, def) => {
		$ZodType.init(inst, def);
		inst._zod.pattern = number$1;
		inst._zod.parse = (payload, _ctx) => {
			if (def.coerce) try {
				payload.value = Number(payload.value);
			} catch (_) {}
			const input = payload.value;
			if (typeof input === "number" && !Number.isNaN(input) && Number.isFinite(input)) return payload;
			const received = typeof input === "number" ? Number.isNaN(input) ? "NaN" : !Number.isFinite(input) ? String(input) : void 0 : void 0;
			payload.issues.push({
				expected: "number",
				code: "invalid_type",
				input,
				inst,
				...received ? { received } : {}
			});
			return payload;
		};
	});
	$ZodNumberFormat = /*@__PURE__*/ $constructor("$ZodNumberFormat", (inst, def) => {
		$ZodCheckNumberFormat.init(inst, def);
		$ZodNumber.init(inst, def);
	});
	$ZodBoolean = /*@__PURE__*/ $constructor("$ZodBoolean", (inst, def) => {
		$ZodType.init(inst, def);
		inst._zod.pattern = boolean$1;
		inst._zod.parse = (payload, _ctx) => {
			if (def.coerce) try {
				payload.value = Boolean(payload.value);
			} catch (_) {}
			const input = payload.value;
			if (typeof input === "boolean") return payload;
			payload.issues.push({
				expected: "boolean",
				code: "invalid_type",
				input,
				inst
			});
			return payload;
		};
	});
	$ZodUnknown = /*@__PURE__*/ $constructor("$ZodUnknown", (inst, def) => {
		$ZodType.init(inst, def);
		inst._zod.parse = (payload) => payload;
	});
	$ZodNever = /*@__PURE__*/ $constructor("$ZodNever", (inst, def) => {
		$ZodType.init(inst, def);
		inst._zod.parse = (payload, _ctx) => {
			payload.issues.push({
				expected: "never",
				code: "invalid_type",
				input: payload.value,
				inst
			});
			return payload;
		};
	});
	arraySize = (input) => Array.isArray(input) ? input.length : -1;
	$ZodArray = /*@__PURE__*/ $constructor("$ZodArray", (inst, def) => {
		$ZodType.init(inst, def);
		const memo = globalConfig.memoizer;
		memo?.attach(inst);
		inst._zod.parse = (payload, ctx) => {
			const input = payload.value;
			if (!Array.isArray(input)) {
				payload.issues.push({
					expected: "array",
					code: "invalid_type",
					input,
					inst
				});
				return payload;
			}
			payload.value = memo ? memo.alloc(inst, payload, Array(input.length), ctx) : Array(input.length);
			const proms = [];
			const abortEarly = ctx?.abortEarly;
			for (let i = 0; i < input.length; i++) {
				const item = input[i];
				const result = def.element._zod.run({
					value: item,
					issues: []
				}, ctx);
				if (result instanceof Promise) proms.push(result.then((result) => handleArrayResult(result, payload, i)));
				else {
					handleArrayResult(result, payload, i);
					if (abortEarly && result.issues.length !== 0 && aborted(result)) break;
				}
			}
			if (proms.length) return Promise.all(proms).then(() => payload);
			return payload;
		};
		capSize(inst, arraySize);
	});
	NO_SYMBOL_KEYS = [];
	$ZodObject = /*@__PURE__*/ $constructor("$ZodObject", (inst, def) => {
		$ZodType.init(inst, def);
		const desc = Object.getOwnPropertyDescriptor(def, "shape");
		const sh = desc?.get ? desc.get.raw : def.shape ?? {};
		if (sh) {
			const get = () => {
				const newSh = { ...sh };
				Object.defineProperty(def, "shape", { value: newSh });
				get.raw = newSh;
				return newSh;
			};
			get.raw = sh;
			Object.defineProperty(def, "shape", { get });
		}
		const _normalized = cached(() => normalizeDef(def));
		defineLazyInternal(inst, "propValues", (zod) => {
			const shape = zod.def.shape;
			const propValues = {};
			for (const key in shape) {
				const field = shape[key]._zod;
				if (field.values) {
					if (!Object.prototype.hasOwnProperty.call(propValues, key)) assignProp(propValues, key, /* @__PURE__ */ new Set());
					for (const v of field.values) propValues[key].add(v);
					if (field.optin !== void 0) propValues[key].add(void 0);
				}
			}
			return propValues;
		});
		const isObject = isObject$1;
		const catchall = def.catchall;
		let value;
		const memo = globalConfig.memoizer;
		memo?.attach(inst);
		inst._zod.parse = (payload, ctx) => {
			value ?? (value = _normalized.value);
			const input = payload.value;
			if (!isObject(input)) {
				payload.issues.push({
					expected: "object",
					code: "invalid_type",
					input,
					inst
				});
				return payload;
			}
			payload.value = memo ? memo.alloc(inst, payload, {}, ctx) : {};
			const proms = [];
			const shape = value.shape;
			const abortEarly = ctx?.abortEarly;
			let seen = payload.issues.length;
			for (const key of value.allKeys) {
				if (abortEarly && payload.issues.length !== seen) {
					if (aborted(payload, seen)) break;
					seen = payload.issues.length;
				}
				if (key === "__proto__") continue;
				const el = shape[key];
				const optin = el._zod.optin;
				const optout = el._zod.optout;
				const r = el._zod.run({
					value: input[key],
					issues: []
				}, ctx);
				if (r instanceof Promise) proms.push(r.then((r) => handlePropertyResult(r, payload, key, input, optin, optout)));
				else handlePropertyResult(r, payload, key, input, optin, optout);
			}
			if (!catchall) return proms.length ? Promise.all(proms).then(() => payload) : payload;
			return handleCatchall(proms, input, payload, ctx, _normalized.value, inst, abortEarly === true);
		};
	});
	$ZodObjectJIT = /*@__PURE__*/ $constructor("$ZodObjectJIT", (inst, def) => {
		$ZodObject.init(inst, def);
		const superParse = inst._zod.parse;
		const _normalized = cached(() => normalizeDef(def));
		const memo = globalConfig.memoizer;
		const generateFastpass = (shape) => {
			const normalized = _normalized.value;
			const syms = normalized.symbolKeys;
			const doc = new Doc(["payload", "ctx"], {
				shape,
				inst,
				memo,
				syms
			});
			const parseStr = (k) => `shape[${k}]._zod.run({ value: input[${k}], issues: [] }, ctx)`;
			const prefixStr = (id, k) => `
          let ${id}_ab = false;
          for (let i = 0; i < ${id}.issues.length; i++) {
            const iss = ${id}.issues[i];
            iss.path = iss.path ? [${k}, ...iss.path] : [${k}];
            payload.issues.push(iss);
            if (iss.continue !== true) ${id}_ab = true;
          }
          if (${id}_ab && ctx && ctx.abortEarly) {
            payload.value = newResult;
            return payload;
          }`;
			doc.write(`const input = payload.value;`);
			const ids = Object.create(null);
			let counter = 0;
			for (const key of normalized.allKeys) ids[key] = `key_${counter++}`;
			doc.write(memo ? `const newResult = memo.alloc(inst, payload, {}, ctx);` : `const newResult = {};`);
			for (const key of normalized.allKeys) {
				if (key === "__proto__") continue;
				const id = ids[key];
				const k = typeof key === "symbol" ? `syms[${syms.indexOf(key)}]` : esc(key);
				const isPresent = `${k} in input`;
				const schema = shape[key];
				const optin = schema?._zod?.optin;
				const isOptionalIn = optin !== void 0;
				const isOptionalOut = schema?._zod?.optout === "optional";
				doc.write(`const ${id} = ${parseStr(k)};`);
				if (isOptionalIn && isOptionalOut) {
					const assign = optin === "optional" ? `${id}_present` : `${id}.value !== undefined || ${id}_present`;
					doc.write(`
        const ${id}_present = ${isPresent};
        if (!${id}.issues.length || ${id}_present) {
          if (${id}.issues.length) {${prefixStr(id, k)}
          }

          if (${assign}) {
            newResult[${k}] = ${id}.value;
          }
        }

      `);
				} else if (!isOptionalIn) doc.write(`
        const ${id}_present = ${isPresent};
        if (${id}.issues.length) {${prefixStr(id, k)}
        }
        if (!${id}_present && !${id}.issues.length) {
          payload.issues.push({
            code: "invalid_type",
            expected: "nonoptional",
            input: undefined,
            path: [${k}]
          });
          if (ctx && ctx.abortEarly) {
            payload.value = newResult;
            return payload;
          }
        }

        if (${id}_present) {
          newResult[${k}] = ${id}.value;
        }

      `);
				else {
					doc.write(`
        if (${id}.issues.length) {${prefixStr(id, k)}
        }
      `);
					if (optin === "defaulted") doc.write(`newResult[${k}] = ${id}.value;`);
					else doc.write(`
        if (${id}.value !== undefined || ${isPresent}) {
          newResult[${k}] = ${id}.value;
        }
      `);
				}
			}
			doc.write(`payload.value = newResult;`);
			doc.write(`return payload;`);
			return doc.compile();
		};
		let fastpass;
		const isObject = isObject$1;
		const jit = !globalConfig.jitless;
		const fastEnabled = jit && allowsEval.value;
		const catchall = def.catchall;
		let value;
		inst._zod.parse = (payload, ctx) => {
			value ?? (value = _normalized.value);
			const input = payload.value;
			if (!isObject(input)) {
				payload.issues.push({
					expected: "object",
					code: "invalid_type",
					input,
					inst
				});
				return payload;
			}
			if (jit && fastEnabled && ctx?.async === false && ctx.jitless !== true) {
				if (!fastpass) fastpass = generateFastpass(def.shape);
				payload = fastpass(payload, ctx);
				if (!catchall) return payload;
				return handleCatchall([], input, payload, ctx, value, inst, ctx?.abortEarly === true);
			}
			return superParse(payload, ctx);
		};
	});
	$ZodUnion = /*@__PURE__*/ $constructor("$ZodUnion", (inst, def) => {
		$ZodType.init(inst, def);
		defineLazyInternal(inst, "optin", (zod) => zod.def.options.some((o) => o._zod.optin === "defaulted") ? "defaulted" : zod.def.options.some((o) => o._zod.optin !== void 0) ? "optional" : void 0);
		defineLazyInternal(inst, "optout", (zod) => zod.def.options.some((o) => o._zod.optout === "optional") ? "optional" : void 0);
		defineLazyInternal(inst, "values", (zod) => {
			if (zod.def.options.every((o) => o._zod.values)) return new Set(zod.def.options.flatMap((option) => Array.from(option._zod.values)));
		});
		defineLazyInternal(inst, "pattern", (zod) => {
			if (zod.def.options.every((o) => o._zod.pattern)) {
				const patterns = zod.def.options.map((o) => o._zod.pattern);
				return new RegExp(`^(${patterns.map((p) => cleanRegex(p.source)).join("|")})$`);
			}
		});
		const first = def.options.length === 1 ? def.options[0]._zod.run : null;
		inst._zod.parse = (payload, ctx) => {
			if (first) return first(payload, ctx);
			let async = false;
			const results = [];
			for (const option of def.options) {
				const result = option._zod.run({
					value: payload.value,
					issues: []
				}, ctx);
				if (result instanceof Promise) {
					results.push(result);
					async = true;
				} else {
					if (result.issues.length === 0) return result;
					results.push(result);
				}
			}
			if (!async) return handleUnionResults(results, payload, inst, ctx);
			return Promise.all(results).then((results) => {
				return handleUnionResults(results, payload, inst, ctx);
			});
		};
	});
	$ZodDiscriminatedUnion = /*@__PURE__*/ $constructor("$ZodDiscriminatedUnion", (inst, def) => {
		def.inclusive = false;
		$ZodUnion.init(inst, def);
		const _super = inst._zod.parse;
		defineLazyInternal(inst, "propValues", (zod) => {
			const propValues = {};
			let undefinedCount = 0;
			for (const option of zod.def.options) {
				const pv = option._zod.propValues;
				if (!pv || Object.keys(pv).length === 0) throw new Error(`Invalid discriminated union option at index "${zod.def.options.indexOf(option)}"`);
				if (pv[zod.def.discriminator]?.has(void 0)) undefinedCount++;
				for (const [k, v] of Object.entries(pv)) {
					if (!Object.prototype.hasOwnProperty.call(propValues, k)) assignProp(propValues, k, /* @__PURE__ */ new Set());
					for (const val of v) propValues[k].add(val);
				}
			}
			if (!zod.def.unionFallback && undefinedCount > 1) propValues[zod.def.discriminator]?.delete(void 0);
			return propValues;
		});
		def.options.forEach((option, i) => {
			const propShape = rawShape(option._zod.def);
			if (propShape && !Object.prototype.hasOwnProperty.call(propShape, def.discriminator)) throw new Error(`Invalid discriminated union option at index "${i}"`);
		});
		const disc = cached(() => discriminatorMap(def));
		inst._zod.parse = (payload, ctx) => {
			const input = payload.value;
			if (!isObject$1(input)) {
				payload.issues.push({
					code: "invalid_type",
					expected: "object",
					input,
					inst
				});
				return payload;
			}
			const value = input?.[def.discriminator];
			const opt = disc.value.get(value);
			if (opt && (value !== void 0 || ctx.direction !== "backward")) return opt._zod.run(payload, ctx);
			if (def.unionFallback || ctx.direction === "backward") return _super(payload, ctx);
			payload.issues.push({
				code: "invalid_union",
				errors: [],
				note: "No matching discriminator",
				discriminator: def.discriminator,
				options: Array.from(disc.value.keys()).filter((value) => disc.value.get(value) !== null),
				input,
				path: [def.discriminator],
				inst
			});
			return payload;
		};
	});
	$ZodIntersection = /*@__PURE__*/ $constructor("$ZodIntersection", (inst, def) => {
		$ZodType.init(inst, def);
		inst._zod.parse = (payload, ctx) => {
			const input = payload.value;
			const left = def.left._zod.run({
				value: input,
				issues: []
			}, ctx);
			const right = def.right._zod.run({
				value: input,
				issues: []
			}, ctx);
			if (left instanceof Promise || right instanceof Promise) return Promise.all([left, right]).then(([left, right]) => {
				return handleIntersectionResults(payload, left, right);
			});
			return handleIntersectionResults(payload, left, right);
		};
	});
	$ZodTuple = /*@__PURE__*/ $constructor("$ZodTuple", (inst, def) => {
		$ZodType.init(inst, def);
		const items = def.items;
		const memo = globalConfig.memoizer;
		memo?.attach(inst);
		inst._zod.parse = (payload, ctx) => {
			const input = payload.value;
			if (!Array.isArray(input)) {
				payload.issues.push({
					input,
					inst,
					expected: "tuple",
					code: "invalid_type"
				});
				return payload;
			}
			payload.value = memo ? memo.alloc(inst, payload, [], ctx) : [];
			const proms = [];
			const optinStart = getTupleOptStart(items, "optin");
			const optoutStart = getTupleOptStart(items, "optout");
			if (!def.rest) {
				if (input.length < optinStart) {
					payload.issues.push({
						code: "too_small",
						minimum: optinStart,
						inclusive: true,
						input,
						inst,
						origin: "array"
					});
					return payload;
				}
				if (input.length > items.length) payload.issues.push({
					code: "too_big",
					maximum: items.length,
					inclusive: true,
					input,
					inst,
					origin: "array"
				});
			}
			const itemResults = new Array(items.length);
			const abortEarly = def.rest ? ctx?.abortEarly : void 0;
			let itemAborted = false;
			for (let i = 0; i < items.length; i++) {
				const r = items[i]._zod.run({
					value: input[i],
					issues: []
				}, ctx);
				if (r instanceof Promise) proms.push(r.then((rr) => {
					itemResults[i] = rr;
				}));
				else {
					itemResults[i] = r;
					if (abortEarly && !itemAborted && r.issues.length) itemAborted = aborted(r);
				}
			}
			if (def.rest && !itemAborted) {
				let i = items.length - 1;
				const rest = input.slice(items.length);
				let seen = payload.issues.length;
				for (const el of rest) {
					if (abortEarly && payload.issues.length !== seen) {
						if (aborted(payload, seen)) break;
						seen = payload.issues.length;
					}
					i++;
					const result = def.rest._zod.run({
						value: el,
						issues: []
					}, ctx);
					if (result instanceof Promise) proms.push(result.then((r) => handleTupleResult(r, payload, i)));
					else handleTupleResult(result, payload, i);
				}
			}
			if (proms.length) return Promise.all(proms).then(() => handleTupleResults(itemResults, payload, items, input, optoutStart));
			return handleTupleResults(itemResults, payload, items, input, optoutStart);
		};
	});
	$ZodRecord = /*@__PURE__*/ $constructor("$ZodRecord", (inst, def) => {
		$ZodType.init(inst, def);
		const memo = globalConfig.memoizer;
		memo?.attach(inst);
		inst._zod.parse = (payload, ctx) => {
			const input = payload.value;
			if (!isPlainObject$1(input)) {
				payload.issues.push({
					expected: "record",
					code: "invalid_type",
					input,
					inst
				});
				return payload;
			}
			const proms = [];
			const values = def.keyType._zod.values;
			if (values && !def.partial) {
				payload.value = memo ? memo.alloc(inst, payload, {}, ctx) : {};
				const recordKeys = /* @__PURE__ */ new Set();
				for (const key of values) if (typeof key === "string" || typeof key === "number" || typeof key === "symbol") {
					recordKeys.add(typeof key === "number" ? key.toString() : key);
					if (key === "__proto__") continue;
					const keyResult = def.keyType._zod.run({
						value: key,
						issues: []
					}, ctx);
					if (keyResult instanceof Promise) throw new Error("Async schemas not supported in object keys currently");
					if (keyResult.issues.length) {
						payload.issues.push({
							code: "invalid_key",
							origin: "record",
							issues: keyResult.issues.map((iss) => finalizeIssue(iss, ctx, config())),
							input: key,
							path: [key],
							inst
						});
						continue;
					}
					const outKey = keyResult.value;
					if (outKey === "__proto__") continue;
					const result = def.valueType._zod.run({
						value: input[key],
						issues: []
					}, ctx);
					if (result instanceof Promise) proms.push(result.then((result) => {
						if (result.issues.length) payload.issues.push(...prefixIssues(key, result.issues));
						payload.value[outKey] = result.value;
					}));
					else {
						if (result.issues.length) payload.issues.push(...prefixIssues(key, result.issues));
						payload.value[outKey] = result.value;
					}
				}
				let unrecognized;
				for (const key in input) if (!recordKeys.has(key)) {
					if (def.mode === "loose") {
						if (key === "__proto__") continue;
						payload.value[key] = input[key];
					} else {
						unrecognized = unrecognized ?? [];
						unrecognized.push(key);
					}
				}
				if (unrecognized && unrecognized.length > 0) payload.issues.push({
					code: "unrecognized_keys",
					input,
					inst,
					keys: unrecognized,
					continue: true
				});
			} else {
				payload.value = memo ? memo.alloc(inst, payload, {}, ctx) : {};
				let unrecognized;
				for (const key of Reflect.ownKeys(input)) {
					if (key === "__proto__") continue;
					if (!Object.prototype.propertyIsEnumerable.call(input, key)) continue;
					let keyResult = def.keyType._zod.run({
						value: key,
						issues: []
					}, ctx);
					if (keyResult instanceof Promise) throw new Error("Async schemas not supported in object keys currently");
					if (typeof key === "string" && number$1.test(key) && keyResult.issues.length) {
						const retryResult = def.keyType._zod.run({
							value: Number(key),
							issues: []
						}, ctx);
						if (retryResult instanceof Promise) throw new Error("Async schemas not supported in object keys currently");
						if (retryResult.issues.length === 0) keyResult = retryResult;
					}
					if (keyResult.issues.length) {
						if (def.mode === "loose") payload.value[key] = input[key];
						else if (values) {
							unrecognized = unrecognized ?? [];
							unrecognized.push(key);
						} else payload.issues.push({
							code: "invalid_key",
							origin: "record",
							issues: keyResult.issues.map((iss) => finalizeIssue(iss, ctx, config())),
							input: key,
							path: [key],
							inst
						});
						continue;
					}
					const outKey = keyResult.value;
					if (outKey === "__proto__") continue;
					const result = def.valueType._zod.run({
						value: input[key],
						issues: []
					}, ctx);
					if (result instanceof Promise) proms.push(result.then((result) => {
						if (result.issues.length) payload.issues.push(...prefixIssues(key, result.issues));
						payload.value[outKey] = result.value;
					}));
					else {
						if (result.issues.length) payload.issues.push(...prefixIssues(key, result.issues));
						payload.value[outKey] = result.value;
					}
				}
				if (unrecognized && unrecognized.length > 0) payload.issues.push({
					code: "unrecognized_keys",
					input,
					inst,
					keys: unrecognized,
					continue: true
				});
			}
			if (proms.length) return Promise.all(proms).then(() => payload);
			return payload;
		};
	});
	$ZodEnum = /*@__PURE__*/ $constructor("$ZodEnum", (inst, def) => {
		$ZodType.init(inst, def);
		const values = getEnumValues(def.entries);
		const valuesSet = new Set(values);
		inst._zod.values = valuesSet;
		defineLazyInternal(inst, "pattern", (zod) => {
			const patternValues = getEnumValues(zod.def.entries).filter((k) => propertyKeyTypes.has(typeof k));
			return new RegExp(patternValues.length ? `^(${patternValues.map((o) => escapeRegex(o.toString())).join("|")})$` : "^[^\\s\\S]$");
		});
		inst._zod.parse = (payload, _ctx) => {
			const input = payload.value;
			if (valuesSet.has(input)) return payload;
			payload.issues.push({
				code: "invalid_value",
				values,
				input,
				inst
			});
			return payload;
		};
	});
	$ZodLiteral = /*@__PURE__*/ $constructor("$ZodLiteral", (inst, def) => {
		$ZodType.init(inst, def);
		const values = new Set(def.values);
		inst._zod.values = values;
		defineLazyInternal(inst, "pattern", (zod) => {
			const vals = zod.def.values;
			return new RegExp(vals.length ? `^(${vals.map((o) => typeof o === "string" ? escapeRegex(o) : o ? escapeRegex(o.toString()) : String(o)).join("|")})$` : "^[^\\s\\S]$");
		});
		inst._zod.parse = (payload, _ctx) => {
			const input = payload.value;
			if (values.has(input)) return payload;
			payload.issues.push({
				code: "invalid_value",
				values: def.values,
				input,
				inst
			});
			return payload;
		};
	});
	$ZodTransform = /*@__PURE__*/ $constructor("$ZodTransform", (inst, def) => {
		$ZodType.init(inst, def);
		inst._zod.optin = "optional";
		globalConfig.memoizer?.guard(inst);
		inst._zod.parse = (payload, ctx) => {
			if (ctx.direction === "backward") throw new $ZodEncodeError(inst.constructor.name);
			const _out = def.transform(payload.value, payload);
			if (ctx.async) return (_out instanceof Promise ? _out : Promise.resolve(_out)).then((output) => {
				payload.value = output;
				return payload;
			});
			if (_out instanceof Promise) throw new $ZodAsyncError();
			payload.value = _out;
			return payload;
		};
	});
	$ZodOptional = /*@__PURE__*/ $constructor("$ZodOptional", (inst, def) => {
		$ZodType.init(inst, def);
		defineLazyInternal(inst, "optin", (zod) => zod.def.innerType._zod.optin === "defaulted" ? "defaulted" : "optional");
		inst._zod.optout = "optional";
		defineLazyInternal(inst, "values", (zod) => {
			const values = zod.def.innerType._zod.values;
			return values ? /* @__PURE__ */ new Set([...values, void 0]) : void 0;
		});
		defineLazyInternal(inst, "pattern", (zod) => {
			const pattern = zod.def.innerType._zod.pattern;
			return pattern ? new RegExp(`^(${cleanRegex(pattern.source)})?$`) : void 0;
		});
		inst._zod.parse = (payload, ctx) => {
			if (payload.value === void 0) {
				if (def.innerType._zod.optin !== "defaulted") return payload;
				const result = def.innerType._zod.run({
					value: payload.value,
					issues: []
				}, ctx);
				if (result instanceof Promise) return result.then((result) => handleOptionalResult(payload, result));
				return handleOptionalResult(payload, result);
			}
			return def.innerType._zod.run(payload, ctx);
		};
	});
	$ZodExactOptional = /*@__PURE__*/ $constructor("$ZodExactOptional", (inst, def) => {
		$ZodOptional.init(inst, def);
		defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
		defineLazyInternal(inst, "pattern", (zod) => zod.def.innerType._zod.pattern);
		inst._zod.parse = (payload, ctx) => {
			return def.innerType._zod.run(payload, ctx);
		};
	});
	$ZodNullable = /*@__PURE__*/ $constructor("$ZodNullable", (inst, def) => {
		$ZodType.init(inst, def);
		defineLazyInternal(inst, "optin", (zod) => zod.def.innerType._zod.optin);
		defineLazyInternal(inst, "optout", (zod) => zod.def.innerType._zod.optout);
		defineLazyInternal(inst, "pattern", (zod) => {
			const pattern = zod.def.innerType._zod.pattern;
			return pattern ? new RegExp(`^(${cleanRegex(pattern.source)}|null)$`) : void 0;
		});
		defineLazyInternal(inst, "values", (zod) => {
			return zod.def.innerType._zod.values ? /* @__PURE__ */ new Set([...zod.def.innerType._zod.values, null]) : void 0;
		});
		inst._zod.parse = (payload, ctx) => {
			if (payload.value === null) return payload;
			return def.innerType._zod.run(payload, ctx);
		};
	});
	$ZodDefault = /*@__PURE__*/ $constructor("$ZodDefault", (inst, def) => {
		$ZodType.init(inst, def);
		inst._zod.optin = "defaulted";
		defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
		inst._zod.parse = (payload, ctx) => {
			if (ctx.direction === "backward") return def.innerType._zod.run(payload, ctx);
			if (payload.value === void 0) {
				payload.value = def.defaultValue;
				/**
				* $ZodDefault returns the default value immediately in forward direction.
				* It doesn't pass the default value into the validator ("prefault"). There's no reason to pass the default value through validation. The validity of the default is enforced by TypeScript statically. Otherwise, it's the responsibility of the user to ensure the default is valid. In the case of pipes with divergent in/out types, you can specify the default on the `in` schema of your ZodPipe to set a "prefault" for the pipe.   */
				return payload;
			}
			const result = def.innerType._zod.run(payload, ctx);
			if (result instanceof Promise) return result.then((result) => handleDefaultResult(result, def));
			return handleDefaultResult(result, def);
		};
	});
	$ZodPrefault = /*@__PURE__*/ $constructor("$ZodPrefault", (inst, def) => {
		$ZodType.init(inst, def);
		inst._zod.optin = "defaulted";
		defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
		inst._zod.parse = (payload, ctx) => {
			if (ctx.direction === "backward") return def.innerType._zod.run(payload, ctx);
			if (payload.value === void 0) payload.value = def.defaultValue;
			return def.innerType._zod.run(payload, ctx);
		};
	});
	$ZodNonOptional = /*@__PURE__*/ $constructor("$ZodNonOptional", (inst, def) => {
		$ZodType.init(inst, def);
		defineLazyInternal(inst, "values", (zod) => {
			const v = zod.def.innerType._zod.values;
			return v ? new Set([...v].filter((x) => x !== void 0)) : void 0;
		});
		inst._zod.parse = (payload, ctx) => {
			const result = def.innerType._zod.run(payload, ctx);
			if (result instanceof Promise) return result.then((result) => handleNonOptionalResult(result, inst));
			return handleNonOptionalResult(result, inst);
		};
	});
	$ZodCatch = /*@__PURE__*/ $constructor("$ZodCatch", (inst, def) => {
		$ZodType.init(inst, def);
		defineLazyInternal(inst, "optin", (zod) => zod.def.innerType._zod.optin === "defaulted" ? "defaulted" : "optional");
		defineLazyInternal(inst, "optout", (zod) => zod.def.innerType._zod.optout);
		defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
		inst._zod.parse = (payload, ctx) => {
			if (ctx.direction === "backward") return def.innerType._zod.run(payload, ctx);
			const result = def.innerType._zod.run({
				value: payload.value,
				issues: []
			}, ctx);
			if (result instanceof Promise) return result.then((result) => handleCatchResult(payload, result, def, ctx));
			return handleCatchResult(payload, result, def, ctx);
		};
	});
	$ZodPipe = /*@__PURE__*/ $constructor("$ZodPipe", (inst, def) => {
		$ZodType.init(inst, def);
		defineLazyInternal(inst, "values", (zod) => zod.def.in._zod.values);
		defineLazyInternal(inst, "optin", (zod) => zod.def.in._zod.optin);
		defineLazyInternal(inst, "optout", (zod) => zod.def.out._zod.optout);
		defineLazyInternal(inst, "propValues", (zod) => zod.def.in._zod.propValues);
		inst._zod.parse = (payload, ctx) => {
			if (ctx.direction === "backward") {
				const right = def.out._zod.run(payload, ctx);
				if (right instanceof Promise) return right.then((right) => handlePipeResult(right, def.in, ctx));
				return handlePipeResult(right, def.in, ctx);
			}
			const left = def.in._zod.run(payload, ctx);
			if (left instanceof Promise) return left.then((left) => handlePipeResult(left, def.out, ctx));
			return handlePipeResult(left, def.out, ctx);
		};
	});
	$ZodCodec = /*@__PURE__*/ $constructor("$ZodCodec", (inst, def) => {
		$ZodType.init(inst, def);
		defineLazyInternal(inst, "values", (zod) => zod.def.in._zod.values);
		defineLazyInternal(inst, "optin", (zod) => zod.def.in._zod.optin);
		defineLazyInternal(inst, "optout", (zod) => zod.def.out._zod.optout);
		defineLazyInternal(inst, "propValues", (zod) => zod.def.in._zod.propValues);
		inst._zod.parse = (payload, ctx) => {
			if ((ctx.direction || "forward") === "forward") {
				const left = def.in._zod.run(payload, ctx);
				if (left instanceof Promise) return left.then((left) => handleCodecAResult(left, def, ctx));
				return handleCodecAResult(left, def, ctx);
			} else {
				const right = def.out._zod.run(payload, ctx);
				if (right instanceof Promise) return right.then((right) => handleCodecAResult(right, def, ctx));
				return handleCodecAResult(right, def, ctx);
			}
		};
	});
	$ZodReadonly = /*@__PURE__*/ $constructor("$ZodReadonly", (inst, def) => {
		$ZodType.init(inst, def);
		defineLazyInternal(inst, "propValues", (zod) => zod.def.innerType._zod.propValues);
		defineLazyInternal(inst, "values", (zod) => zod.def.innerType._zod.values);
		defineLazyInternal(inst, "optin", (zod) => zod.def.innerType?._zod?.optin);
		defineLazyInternal(inst, "optout", (zod) => zod.def.innerType?._zod?.optout);
		inst._zod.parse = (payload, ctx) => {
			if (ctx.direction === "backward") return def.innerType._zod.run(payload, ctx);
			const result = def.innerType._zod.run(payload, ctx);
			if (result instanceof Promise) return result.then(handleReadonlyResult);
			return handleReadonlyResult(result);
		};
	});
	$ZodTemplateLiteral = /*@__PURE__*/ $constructor("$ZodTemplateLiteral", (inst, def) => {
		$ZodType.init(inst, def);
		const regexParts = [];
		for (const part of def.parts) if (typeof part === "object" && part !== null) {
			const source = partPattern(part);
			if (!source) throw new Error(`Invalid template literal part, no pattern found: ${[...part._zod.traits].shift()}`);
			regexParts.push(cleanRegex(source));
		} else if (part === null || primitiveTypes.has(typeof part)) regexParts.push(escapeRegex(`${part}`));
		else throw new Error(`Invalid template literal part: ${part}`);
		inst._zod.pattern = new RegExp(`^${regexParts.join("")}$`);
		inst._zod.parse = (payload, _ctx) => {
			if (typeof payload.value !== "string") {
				payload.issues.push({
					input: payload.value,
					inst,
					expected: "string",
					code: "invalid_type"
				});
				return payload;
			}
			inst._zod.pattern.lastIndex = 0;
			if (!inst._zod.pattern.test(payload.value)) {
				payload.issues.push({
					input: payload.value,
					inst,
					code: "invalid_format",
					format: def.format ?? "template_literal",
					pattern: inst._zod.pattern.source
				});
				return payload;
			}
			return payload;
		};
	});
	$ZodCustom = /*@__PURE__*/ $constructor("$ZodCustom", (inst, def) => {
		$ZodCheck.init(inst, def);
		$ZodType.init(inst, def);
		inst._zod.parse = (payload, _) => {
			return payload;
		};
		inst._zod.check = (payload) => {
			const input = payload.value;
			const r = def.fn(input);
			if (r instanceof Promise) return r.then((r) => handleRefineResult(r, payload, input, inst));
			handleRefineResult(r, payload, input, inst);
		};
	});
}));
// node_modules/zod/v4/core/memoizer.js
function isRef(value) {
	return value !== null && typeof value === "object";
}
function cloneIssues(issues) {
	return issues.map((iss) => iss.path ? {
		...iss,
		path: iss.path.slice()
	} : { ...iss });
}
/** Whether this schema's subtree contains a cycle, so one parse can re-enter it. */
function isRecursive(inst, stack, resolve) {
	const cached = recursive.get(inst);
	if (cached !== void 0) return cached ? PROVEN : NONE;
	if (stack.has(inst)) return PROVEN;
	stack.add(inst);
	let result = NONE;
	const check = (child) => {
		if (result !== PROVEN && child?._zod) {
			const answer = isRecursive(child, stack, resolve);
			if (answer > result) result = answer;
		}
	};
	const shape = (sh, spread) => {
		let answer = NONE;
		for (const key of Reflect.ownKeys(sh)) {
			const desc = Object.getOwnPropertyDescriptor(sh, key);
			if (spread && !desc.enumerable) continue;
			const child = desc.get ? ASSUMED : desc.value?._zod ? isRecursive(desc.value, stack, resolve) : NONE;
			if (child > answer) answer = child;
		}
		return answer;
	};
	const merge = (answer) => {
		if (answer > result) result = answer;
	};
	const def = inst._zod.def;
	switch (def.type) {
		case "object": {
			const raw = rawShape(def);
			merge(raw ? shape(raw, true) : ASSUMED);
			check(def.catchall);
			break;
		}
		case "array":
			check(def.element);
			break;
		case "tuple":
			for (const el of def.items) check(el);
			check(def.rest);
			break;
		case "record":
		case "map":
			check(def.keyType);
			check(def.valueType);
			break;
		case "set":
			check(def.valueType);
			break;
		case "union":
			for (const el of def.options) check(el);
			break;
		case "intersection":
			check(def.left);
			check(def.right);
			break;
		case "optional":
		case "nullable":
		case "default":
		case "prefault":
		case "catch":
		case "readonly":
		case "nonoptional":
		case "promise":
		case "success":
			check(def.innerType);
			break;
		case "pipe":
			check(def.in);
			check(def.out);
			break;
		case "function":
			check(def.input);
			check(def.output);
			break;
		case "lazy": {
			const inner = def._cachedInner ?? (resolve ? inst._zod.innerType : void 0);
			merge(inner ? isRecursive(inner, stack, false) : ASSUMED);
			break;
		}
		case "template_literal":
		case "string":
		case "number":
		case "int":
		case "boolean":
		case "bigint":
		case "symbol":
		case "undefined":
		case "null":
		case "void":
		case "never":
		case "any":
		case "unknown":
		case "date":
		case "nan":
		case "enum":
		case "literal":
		case "file":
		case "transform":
		case "custom": break;
		default: for (const key in def) {
			const desc = Object.getOwnPropertyDescriptor(def, key);
			if (!desc || desc.get) continue;
			const value = desc.value;
			if (!value || typeof value !== "object") continue;
			if (value._zod) check(value);
			else if (Array.isArray(value)) for (const el of value) check(el);
		}
	}
	stack.delete(inst);
	return settle(inst, result);
}
/** An assumed answer must not outlive the resolution that settles it, so only a certain one is cached. */
function settle(inst, answer) {
	if (answer !== ASSUMED) recursive.set(inst, answer === PROVEN);
	return answer;
}
function bucketFor(state, inst) {
	let bucket = state.buckets.get(inst);
	if (!bucket) {
		bucket = /* @__PURE__ */ new WeakMap();
		state.buckets.set(inst, bucket);
	}
	return bucket;
}
/** The memoizer that gives containers cycle support. `zod` installs it by default; `zod/mini` opts in with `config({ memoizer: memoizer() })`. */
function memoizer() {
	return memo;
}
/** Whether this value is a node a back-edge resolved to before it finished. */
function isBackEdge(ctx, value) {
	const backEdges = ctx[STATE]?.backEdges;
	return backEdges !== void 0 && isRef(value) && backEdges.has(value);
}
var $ZodCyclicError, STATE, NO_ISSUES, recursive, NONE, ASSUMED, PROVEN, handoff, open$1, memo;
var init_memoizer = __esmMin((() => {
	init_util();
	$ZodCyclicError = class extends Error {
		constructor() {
			super(`Cannot parse a reference cycle that closes through a transform`);
			this.name = "ZodCyclicError";
		}
	};
	STATE = "~memo";
	NO_ISSUES = [];
	recursive = /*@__PURE__*/ new WeakMap();
	NONE = 0;
	ASSUMED = 1;
	PROVEN = 2;
	open$1 = [];
	memo = {
		alloc(_inst, payload, empty) {
			const bucket = handoff;
			if (!bucket) return empty;
			handoff = void 0;
			const entry = {
				value: empty,
				issues: null
			};
			bucket.set(payload.value, entry);
			open$1.push(entry);
			return empty;
		},
		guard(inst) {
			var _a;
			(_a = inst._zod).deferred ?? (_a.deferred = []);
			inst._zod.deferred.push(() => {
				const base = inst._zod.parse;
				const wrapped = (payload, ctx) => {
					if (ctx.direction !== "backward" && isBackEdge(ctx, payload.value)) throw new $ZodCyclicError();
					return base(payload, ctx);
				};
				inst._zod.parse = wrapped;
				if (inst._zod.run === base) inst._zod.run = wrapped;
			});
		},
		attach(inst) {
			var _a;
			let isRecursiveInst;
			let rechecked = false;
			let lastCtx;
			let lastBucket;
			(_a = inst._zod).deferred ?? (_a.deferred = []);
			inst._zod.deferred.push(() => {
				const base = inst._zod.parse;
				const wrapped = (payload, ctx) => {
					if (isRecursiveInst === void 0) {
						const walked = isRecursive(inst, /* @__PURE__ */ new Set(), false);
						if (walked === NONE) {
							inst._zod.parse = base;
							if (inst._zod.run === wrapped) inst._zod.run = base;
							return base(payload, ctx);
						}
						if (walked === PROVEN || rechecked) isRecursiveInst = true;
						else rechecked = true;
					}
					const input = payload.value;
					if (!isRef(input)) return base(payload, ctx);
					let state = ctx[STATE];
					if (!state) {
						state = {
							buckets: /* @__PURE__ */ new WeakMap(),
							backEdges: void 0
						};
						ctx[STATE] = state;
					}
					let bucket;
					if (lastCtx === ctx) bucket = lastBucket;
					else {
						bucket = bucketFor(state, inst);
						lastCtx = ctx;
						lastBucket = bucket;
					}
					const hit = bucket.get(input);
					if (hit) {
						payload.value = hit.value;
						if (hit.issues) {
							if (hit.issues.length) payload.issues.push(...cloneIssues(hit.issues));
						} else {
							payload.memo = true;
							state.backEdges ?? (state.backEdges = /* @__PURE__ */ new WeakSet());
							state.backEdges.add(hit.value);
						}
						return payload;
					}
					handoff = bucket;
					const depth = open$1.length;
					const result = base(payload, ctx);
					handoff = void 0;
					const entry = open$1.length > depth ? open$1.pop() : void 0;
					if (result instanceof Promise) return result.then((r) => {
						if (entry) entry.issues = r.issues.length ? cloneIssues(r.issues) : NO_ISSUES;
						return r;
					});
					if (entry) entry.issues = result.issues.length ? cloneIssues(result.issues) : NO_ISSUES;
					return result;
				};
				inst._zod.parse = wrapped;
				if (inst._zod.run === base) inst._zod.run = wrapped;
			});
		}
	};
}));
// node_modules/zod/v4/locales/en.js
function en_default() {
	return { localeError: error() };
}
var error;
var init_en = __esmMin((() => {
	init_util();
	error = () => {
		const Sizable = {
			string: {
				unit: "characters",
				verb: "to have"
			},
			file: {
				unit: "bytes",
				verb: "to have"
			},
			array: {
				unit: "items",
				verb: "to have"
			},
			set: {
				unit: "items",
				verb: "to have"
			},
			map: {
				unit: "entries",
				verb: "to have"
			}
		};
		function getSizing(origin) {
			return Sizable[origin] ?? null;
		}
		const FormatDictionary = {
			regex: "input",
			email: "email address",
			url: "URL",
			emoji: "emoji",
			uuid: "UUID",
			uuidv4: "UUIDv4",
			uuidv6: "UUIDv6",
			nanoid: "nanoid",
			guid: "GUID",
			cuid: "cuid",
			cuid2: "cuid2",
			ulid: "ULID",
			xid: "XID",
			ksuid: "KSUID",
			datetime: "ISO datetime",
			date: "ISO date",
			time: "ISO time",
			duration: "ISO duration",
			ipv4: "IPv4 address",
			ipv6: "IPv6 address",
			mac: "MAC address",
			cidrv4: "IPv4 range",
			cidrv6: "IPv6 range",
			base64: "base64-encoded string",
			base64url: "base64url-encoded string",
			json_string: "JSON string",
			e164: "E.164 number",
			currency_code: "currency code",
			credit_card: "credit card number",
			iban: "IBAN",
			jwt: "JWT",
			template_literal: "input"
		};
		const TypeDictionary = { nan: "NaN" };
		function getTypeName(type, input) {
			if (type === "number" && typeof input === "number" && !Number.isFinite(input)) return String(input);
			return TypeDictionary[type] ?? type;
		}
		return (issue) => {
			switch (issue.code) {
				case "invalid_type": return `Invalid input: expected ${getTypeName(issue.expected)}, received ${getTypeName(parsedType(issue.input), issue.input)}`;
				case "invalid_value":
					if (issue.values.length === 1) return `Invalid input: expected ${stringifyPrimitive(issue.values[0])}`;
					return `Invalid option: expected one of ${joinValues(issue.values, "|")}`;
				case "too_big": {
					const adj = issue.exact ? "exactly " : issue.inclusive ? "<=" : "<";
					const sizing = getSizing(issue.origin);
					if (sizing) return `Too big: expected ${issue.origin ?? "value"} to have ${adj}${issue.maximum.toString()} ${sizing.unit ?? "elements"}`;
					return `Too big: expected ${issue.origin ?? "value"} to be ${adj}${issue.maximum.toString()}`;
				}
				case "too_small": {
					const adj = issue.exact ? "exactly " : issue.inclusive ? ">=" : ">";
					const sizing = getSizing(issue.origin);
					if (sizing) return `Too small: expected ${issue.origin} to have ${adj}${issue.minimum.toString()} ${sizing.unit}`;
					return `Too small: expected ${issue.origin} to be ${adj}${issue.minimum.toString()}`;
				}
				case "invalid_format": {
					const _issue = issue;
					if (_issue.format === "starts_with") return `Invalid string: must start with "${_issue.prefix}"`;
					if (_issue.format === "ends_with") return `Invalid string: must end with "${_issue.suffix}"`;
					if (_issue.format === "includes") return `Invalid string: must include "${_issue.includes}"`;
					if (_issue.format === "regex") return `Invalid string: must match pattern ${_issue.pattern}`;
					return `Invalid ${FormatDictionary[_issue.format] ?? issue.format}`;
				}
				case "not_multiple_of": return `Invalid number: must be a multiple of ${issue.divisor}`;
				case "unrecognized_keys": return `Unrecognized key${issue.keys.length > 1 ? "s" : ""}: ${joinValues(issue.keys, ", ")}`;
				case "invalid_key": return `Invalid key in ${issue.origin}`;
				case "invalid_union":
					if (issue.options && Array.isArray(issue.options) && issue.options.length > 0) return `Invalid discriminator value. Expected ${issue.options.map((o) => `'${o}'`).join(" | ")}`;
					if (issue.inclusive === false) return "Invalid input: more than one option matched";
					return "Invalid input";
				case "invalid_element": return `Invalid value in ${issue.origin}`;
				default: return `Invalid input`;
			}
		};
	};
}));
// node_modules/zod/v4/core/registries.js
function registry() {
	return new $ZodRegistry();
}
var _a, $ZodRegistry, globalRegistry;
var init_registries = __esmMin((() => {
	$ZodRegistry = class {
		constructor() {
			this._map = /* @__PURE__ */ new WeakMap();
			this._idmap = /* @__PURE__ */ new Map();
		}
		add(schema, ..._meta) {
			const meta = _meta[0];
			this._map.set(schema, meta);
			if (meta && typeof meta === "object" && "id" in meta) this._idmap.set(meta.id, schema);
			return this;
		}
		clear() {
			this._map = /* @__PURE__ */ new WeakMap();
			this._idmap = /* @__PURE__ */ new Map();
			return this;
		}
		remove(schema) {
			const meta = this._map.get(schema);
			if (meta && typeof meta === "object" && "id" in meta) this._idmap.delete(meta.id);
			this._map.delete(schema);
			return this;
		}
		get(schema) {
			const p = schema._zod.parent;
			if (p) {
				const pm = { ...this.get(p) ?? {} };
				delete pm.id;
				const f = {
					...pm,
					...this._map.get(schema)
				};
				return Object.keys(f).length ? f : void 0;
			}
			return this._map.get(schema);
		}
		has(schema) {
			return this._map.has(schema);
		}
	};
	(_a = globalThis).__zod_globalRegistry ?? (_a.__zod_globalRegistry = registry());
	globalRegistry = globalThis.__zod_globalRegistry;
}));
// node_modules/zod/v4/core/compile.js
var init_compile = __esmMin((() => {}));
// node_modules/zod/v4/core/api.js
function snapshotChecks(def) {
	if (def.checks) def.checks = [...def.checks];
	return def;
}
// @__NO_SIDE_EFFECTS__
function _string(Class, params) {
	return new Class(snapshotChecks({
		type: "string",
		...normalizeParams(params)
	}));
}
// @__NO_SIDE_EFFECTS__
function _email(Class, params) {
	return new Class({
		type: "string",
		format: "email",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _guid(Class, params) {
	return new Class({
		type: "string",
		format: "guid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _uuid(Class, params) {
	return new Class({
		type: "string",
		format: "uuid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _uuidv4(Class, params) {
	return new Class({
		type: "string",
		format: "uuid",
		check: "string_format",
		abort: false,
		version: "v4",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _uuidv6(Class, params) {
	return new Class({
		type: "string",
		format: "uuid",
		check: "string_format",
		abort: false,
		version: "v6",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _uuidv7(Class, params) {
	return new Class({
		type: "string",
		format: "uuid",
		check: "string_format",
		abort: false,
		version: "v7",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _url(Class, params) {
	return new Class({
		type: "string",
		format: "url",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _emoji(Class, params) {
	return new Class({
		type: "string",
		format: "emoji",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _nanoid(Class, params) {
	return new Class({
		type: "string",
		format: "nanoid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
/**
* @deprecated CUID v1 is deprecated by its authors due to information leakage
* (timestamps embedded in the id). Use {@link _cuid2} instead.
* See https://github.com/paralleldrive/cuid.
*/
// @__NO_SIDE_EFFECTS__
function _cuid(Class, params) {
	return new Class({
		type: "string",
		format: "cuid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _cuid2(Class, params) {
	return new Class({
		type: "string",
		format: "cuid2",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _ulid(Class, params) {
	return new Class({
		type: "string",
		format: "ulid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _xid(Class, params) {
	return new Class({
		type: "string",
		format: "xid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _ksuid(Class, params) {
	return new Class({
		type: "string",
		format: "ksuid",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _ipv4(Class, params) {
	return new Class({
		type: "string",
		format: "ipv4",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _ipv6(Class, params) {
	return new Class({
		type: "string",
		format: "ipv6",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _cidrv4(Class, params) {
	return new Class({
		type: "string",
		format: "cidrv4",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _cidrv6(Class, params) {
	return new Class({
		type: "string",
		format: "cidrv6",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _base64(Class, params) {
	return new Class({
		type: "string",
		format: "base64",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _base64url(Class, params) {
	return new Class({
		type: "string",
		format: "base64url",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _e164(Class, params) {
	return new Class({
		type: "string",
		format: "e164",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _jwt(Class, params) {
	return new Class({
		type: "string",
		format: "jwt",
		check: "string_format",
		abort: false,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _isoDateTime(Class, params) {
	return new Class({
		type: "string",
		format: "datetime",
		check: "string_format",
		offset: false,
		local: false,
		precision: null,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _isoDate(Class, params) {
	return new Class({
		type: "string",
		format: "date",
		check: "string_format",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _isoTime(Class, params) {
	return new Class({
		type: "string",
		format: "time",
		check: "string_format",
		precision: null,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _isoDuration(Class, params) {
	return new Class({
		type: "string",
		format: "duration",
		check: "string_format",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _number(Class, params) {
	return new Class(snapshotChecks({
		type: "number",
		checks: [],
		...normalizeParams(params)
	}));
}
// @__NO_SIDE_EFFECTS__
function _int(Class, params) {
	return new Class({
		type: "number",
		check: "number_format",
		abort: false,
		format: "safeint",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _boolean(Class, params) {
	return new Class({
		type: "boolean",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _unknown(Class) {
	return new Class({ type: "unknown" });
}
// @__NO_SIDE_EFFECTS__
function _never(Class, params) {
	return new Class({
		type: "never",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _lt(value, params) {
	return new $ZodCheckLessThan({
		check: "less_than",
		...normalizeParams(params),
		value,
		inclusive: false
	});
}
// @__NO_SIDE_EFFECTS__
function _lte(value, params) {
	return new $ZodCheckLessThan({
		check: "less_than",
		...normalizeParams(params),
		value,
		inclusive: true
	});
}
// @__NO_SIDE_EFFECTS__
function _gt(value, params) {
	return new $ZodCheckGreaterThan({
		check: "greater_than",
		...normalizeParams(params),
		value,
		inclusive: false
	});
}
// @__NO_SIDE_EFFECTS__
function _gte(value, params) {
	return new $ZodCheckGreaterThan({
		check: "greater_than",
		...normalizeParams(params),
		value,
		inclusive: true
	});
}
// @__NO_SIDE_EFFECTS__
function _multipleOf(value, params) {
	return new $ZodCheckMultipleOf({
		check: "multiple_of",
		...normalizeParams(params),
		value
	});
}
// @__NO_SIDE_EFFECTS__
function _maxLength(maximum, params) {
	return new $ZodCheckMaxLength({
		check: "max_length",
		...normalizeParams(params),
		maximum
	});
}
// @__NO_SIDE_EFFECTS__
function _minLength(minimum, params) {
	return new $ZodCheckMinLength({
		check: "min_length",
		...normalizeParams(params),
		minimum
	});
}
// @__NO_SIDE_EFFECTS__
function _length(length, params) {
	return new $ZodCheckLengthEquals({
		check: "length_equals",
		...normalizeParams(params),
		length
	});
}
// @__NO_SIDE_EFFECTS__
function _regex(pattern, params) {
	return new $ZodCheckRegex({
		check: "string_format",
		format: "regex",
		...normalizeParams(params),
		pattern
	});
}
// @__NO_SIDE_EFFECTS__
function _lowercase(params) {
	return new $ZodCheckLowerCase({
		check: "string_format",
		format: "lowercase",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _uppercase(params) {
	return new $ZodCheckUpperCase({
		check: "string_format",
		format: "uppercase",
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _includes(includes, params) {
	return new $ZodCheckIncludes({
		check: "string_format",
		format: "includes",
		...normalizeParams(params),
		includes
	});
}
// @__NO_SIDE_EFFECTS__
function _startsWith(prefix, params) {
	return new $ZodCheckStartsWith({
		check: "string_format",
		format: "starts_with",
		...normalizeParams(params),
		prefix
	});
}
// @__NO_SIDE_EFFECTS__
function _endsWith(suffix, params) {
	return new $ZodCheckEndsWith({
		check: "string_format",
		format: "ends_with",
		...normalizeParams(params),
		suffix
	});
}
// @__NO_SIDE_EFFECTS__
function _overwrite(tx) {
	return new $ZodCheckOverwrite({
		check: "overwrite",
		tx
	});
}
// @__NO_SIDE_EFFECTS__
function _normalize(form) {
	return /* @__PURE__ */ _overwrite((input) => input.normalize(form));
}
// @__NO_SIDE_EFFECTS__
function _trim() {
	return /* @__PURE__ */ _overwrite((input) => input.trim());
}
// @__NO_SIDE_EFFECTS__
function _toLowerCase() {
	return /* @__PURE__ */ _overwrite((input) => input.toLowerCase());
}
// @__NO_SIDE_EFFECTS__
function _toUpperCase() {
	return /* @__PURE__ */ _overwrite((input) => input.toUpperCase());
}
// @__NO_SIDE_EFFECTS__
function _slugify() {
	return /* @__PURE__ */ _overwrite((input) => slugify(input));
}
// @__NO_SIDE_EFFECTS__
function _array(Class, element, params) {
	return new Class({
		type: "array",
		element,
		...normalizeParams(params)
	});
}
// @__NO_SIDE_EFFECTS__
function _custom(Class, fn, _params) {
	const norm = normalizeParams(_params);
	norm.abort ?? (norm.abort = true);
	return new Class({
		type: "custom",
		check: "custom",
		fn,
		...norm
	});
}
// @__NO_SIDE_EFFECTS__
function _refine(Class, fn, _params) {
	return new Class({
		type: "custom",
		check: "custom",
		fn,
		...normalizeParams(_params)
	});
}
// @__NO_SIDE_EFFECTS__
function _superRefine(fn, params) {
	const ch = /* @__PURE__ */ _check((payload) => {
		payload.addIssue = (issue$2) => {
			if (typeof issue$2 === "string") payload.issues.push(issue(issue$2, payload.value, ch._zod.def));
			else {
				const _issue = issue$2;
				if (_issue.fatal) _issue.continue = false;
				_issue.code ?? (_issue.code = "custom");
				if (!("input" in _issue)) _issue.input = payload.value;
				_issue.inst ?? (_issue.inst = ch);
				_issue.continue ?? (_issue.continue = !ch._zod.def.abort);
				payload.issues.push(issue(_issue));
			}
		};
		return fn(payload.value, payload);
	}, params);
	return ch;
}
// @__NO_SIDE_EFFECTS__
function _check(fn, params) {
	const ch = new $ZodCheck({
		check: "custom",
		...normalizeParams(params)
	});
	ch._zod.check = fn;
	return ch;
}
var init_api = __esmMin((() => {
	init_checks$4();
	init_util();
}));
// node_modules/zod/v4/core/to-json-schema.js
function assignProps(target, ...sources) {
	for (const source of sources) for (const key of Reflect.ownKeys(source)) if (Object.prototype.propertyIsEnumerable.call(source, key)) assignProp(target, key, source[key]);
	return target;
}
function initializeContext(params) {
	let target = params?.target ?? "draft-2020-12";
	if (target === "draft-4") target = "draft-04";
	if (target === "draft-7") target = "draft-07";
	return {
		processors: params.processors ?? {},
		metadataRegistry: params?.metadata ?? globalRegistry,
		target,
		unrepresentable: params?.unrepresentable ?? "throw",
		override: params?.override ?? (() => {}),
		io: params?.io ?? "output",
		counter: 0,
		seen: /* @__PURE__ */ new Map(),
		sharedDefsExtractedFor: void 0,
		sharedEmitDoneFor: void 0,
		cycles: params?.cycles ?? "ref",
		reused: params?.reused ?? "inline",
		intersections: [],
		deferred: [],
		external: params?.external ?? void 0
	};
}
/**
* Applies the `unrepresentable` setting at a site that has no JSON Schema equivalent. Throws
* `message` unless the setting (or the handler's return value) says otherwise. Returns `true` if a
* custom JSON Schema was written into `json`, in which case the caller must not write its own.
*/
function handleUnrepresentable(schema, ctx, json, params, message) {
	const result = typeof ctx.unrepresentable === "function" ? ctx.unrepresentable({
		zodSchema: schema,
		path: params.path,
		message
	}) : ctx.unrepresentable;
	if (result === "any") return false;
	if (result === void 0 || result === "throw") throw new Error(message);
	Object.assign(json, result);
	return true;
}
function processSchema(schema, ctx, _params = {
	path: [],
	schemaPath: []
}) {
	var _a;
	const def = schema._zod.def;
	const seen = ctx.seen.get(schema);
	if (seen) {
		seen.count++;
		if (_params.schemaPath.includes(schema)) seen.cycle = _params.path;
		return seen.schema;
	}
	const result = {
		schema: {},
		count: 1,
		cycle: void 0,
		path: _params.path
	};
	ctx.seen.set(schema, result);
	ctx.sharedDefsExtractedFor = void 0;
	ctx.sharedEmitDoneFor = void 0;
	const overrideSchema = schema._zod.toJSONSchema?.();
	if (overrideSchema) result.schema = overrideSchema;
	else {
		const params = {
			..._params,
			schemaPath: [..._params.schemaPath, schema],
			path: _params.path
		};
		if (schema._zod.processJSONSchema) schema._zod.processJSONSchema(ctx, result.schema, params);
		else {
			const _json = result.schema;
			const processor = ctx.processors[def.type];
			if (!processor) throw new Error(`[toJSONSchema]: Non-representable type encountered: ${def.type}`);
			processor(schema, ctx, _json, params);
		}
		const parent = schema._zod.parent;
		if (parent) {
			if (!result.ref) result.ref = parent;
			processSchema(parent, ctx, params);
			ctx.seen.get(parent).isParent = true;
		}
	}
	const meta = ctx.metadataRegistry.get(schema);
	if (meta) assignProps(result.schema, meta);
	if (ctx.io === "input" && isTransforming(schema)) {
		delete result.schema.examples;
		delete result.schema.default;
	}
	if (ctx.io === "input" && "_prefault" in result.schema) (_a = result.schema).default ?? (_a.default = result.schema._prefault);
	delete result.schema._prefault;
	return ctx.seen.get(schema).schema;
}
function encodeJSONPointerSegment(segment) {
	return segment.replace(/~/g, "~0").replace(/\//g, "~1");
}
function extractDefs(ctx, schema) {
	const root = ctx.seen.get(schema);
	if (!root) throw new Error("Unprocessed schema. This is a bug in Zod.");
	if (ctx.external && ctx.sharedDefsExtractedFor === ctx.external) return;
	const idToSchema = /* @__PURE__ */ new Map();
	for (const entry of ctx.seen.entries()) {
		const id = ctx.metadataRegistry.get(entry[0])?.id;
		if (id) {
			const existing = idToSchema.get(id);
			if (existing && existing !== entry[0]) throw new Error(`Duplicate schema id "${id}" detected during JSON Schema conversion. Two different schemas cannot share the same id when converted together.`);
			idToSchema.set(id, entry[0]);
		}
	}
	const makeURI = (entry) => {
		const defsSegment = ctx.target === "draft-2020-12" ? "$defs" : "definitions";
		if (ctx.external) {
			const externalId = ctx.external.registry.get(entry[0])?.id;
			const uriGenerator = ctx.external.uri ?? ((id) => id);
			if (externalId) return { ref: uriGenerator(externalId) };
			const id = entry[1].defId ?? entry[1].schema.id ?? `schema${ctx.counter++}`;
			entry[1].defId = id;
			return {
				defId: id,
				ref: `${uriGenerator("__shared")}#/${defsSegment}/${encodeJSONPointerSegment(id)}`
			};
		}
		const uriPrefix = `#`;
		const defUriPrefix = `${uriPrefix}/${defsSegment}/`;
		if (entry[1] === root && !entry[1].schema.id) return { ref: uriPrefix };
		const defId = entry[1].schema.id ?? `__schema${ctx.counter++}`;
		return {
			defId,
			ref: defUriPrefix + encodeJSONPointerSegment(defId)
		};
	};
	const extractToDef = (entry) => {
		if (entry[1].schema.$ref) return;
		const seen = entry[1];
		const { ref, defId } = makeURI(entry);
		seen.def = { ...seen.schema };
		if (defId) seen.defId = defId;
		const schema = seen.schema;
		for (const key in schema) delete schema[key];
		schema.$ref = ref;
	};
	if (ctx.cycles === "throw") for (const entry of ctx.seen.entries()) {
		const seen = entry[1];
		if (seen.cycle) throw new Error(`Cycle detected: #/${seen.cycle?.join("/")}/<root>

Set the \`cycles\` parameter to \`"ref"\` to resolve cyclical schemas with defs.`);
	}
	for (const entry of ctx.seen.entries()) {
		const seen = entry[1];
		if (schema === entry[0]) {
			extractToDef(entry);
			continue;
		}
		if (ctx.external) {
			const ext = ctx.external.registry.get(entry[0])?.id;
			if (schema !== entry[0] && ext) {
				extractToDef(entry);
				continue;
			}
		}
		if (ctx.metadataRegistry.get(entry[0])?.id) {
			extractToDef(entry);
			continue;
		}
		if (seen.cycle) {
			extractToDef(entry);
			continue;
		}
		if (seen.count > 1) {
			if (ctx.reused === "ref") extractToDef(entry);
		}
	}
	if (ctx.external) ctx.sharedDefsExtractedFor = ctx.external;
}
/** Rewrites `anyOf: [{type: "a"}, {type: "b"}]` to `type: ["a", "b"]`, which every JSON Schema draft treats as equivalent and most consumers render far better for the nullable case. Only branches that are a bare type assertion qualify — anything carrying a constraint, `$ref`, `const` or metadata is left alone. Runs after `flattenRef`, so a branch an override decorated or `$defs` extraction turned into a `$ref` is no longer bare and correctly stays in `anyOf`. `oneOf` is excluded: `integer` and `number` overlap, so "exactly one" and "at least one" are not the same there. OpenAPI 3.0 is excluded: its `type` must be a single string. */
function compactTypeUnion(schema) {
	const options = schema.anyOf;
	if (!Array.isArray(options) || options.length === 0 || schema.type !== void 0) return;
	const types = [];
	for (const option of options) {
		if (!option || typeof option !== "object") return;
		compactTypeUnion(option);
		const keys = Object.keys(option);
		if (keys.length !== 1 || keys[0] !== "type") return;
		const type = option.type;
		for (const member of Array.isArray(type) ? type : [type]) {
			if (typeof member !== "string") return;
			if (!types.includes(member)) types.push(member);
		}
	}
	delete schema.anyOf;
	schema.type = types.length === 1 ? types[0] : types;
}
/** A member's constraint on a key it does not declare itself. A `catchall` states one; `false`, an absent `additionalProperties`, and the empty schema a loose object emits state nothing. */
function undeclaredConstraint(member) {
	const extra = member.additionalProperties;
	if (extra === void 0 || extra === false || typeof extra !== "object" || extra === null) return null;
	return Object.keys(extra).length ? extra : null;
}
/** Combines object members into the single object they describe together, or returns `null` if any of them carries a keyword outside {@link FOLDABLE_KEYS}. */
function foldObjects(members) {
	const objects = [];
	for (const member of members) {
		if (typeof member !== "object" || member.type !== "object") return null;
		for (const key in member) if (!FOLDABLE_KEYS.has(key)) return null;
		objects.push(member);
	}
	const properties = {};
	const required = /* @__PURE__ */ new Set();
	for (const object of objects) {
		for (const key in object.properties) {
			if (Object.prototype.hasOwnProperty.call(properties, key)) continue;
			const parts = [];
			for (const other of objects) {
				const part = other.properties?.[key] ?? undeclaredConstraint(other);
				if (part === null || part === void 0) continue;
				if (!parts.some((seen) => JSON.stringify(seen) === JSON.stringify(part))) parts.push(part);
			}
			assignProp(properties, key, parts.length === 1 ? parts[0] : foldObjects(parts) ?? { allOf: parts });
		}
		for (const key of object.required ?? []) required.add(key);
	}
	const folded = {
		type: "object",
		properties
	};
	if (required.size) folded.required = [...required];
	if (objects.every((object) => object.additionalProperties === false)) folded.additionalProperties = false;
	else {
		const constraints = [];
		for (const object of objects) {
			const constraint = undeclaredConstraint(object);
			if (constraint && !constraints.some((seen) => JSON.stringify(seen) === JSON.stringify(constraint))) constraints.push(constraint);
		}
		if (constraints.length === 1) folded.additionalProperties = constraints[0];
		else if (constraints.length > 1) folded.additionalProperties = { allOf: constraints };
	}
	return folded;
}
/** `additionalProperties` in an `allOf` member sees only that member's own `properties`, so two
* closed object members reject each other's keys and the schema validates nothing. Zod's parser
* pools the key sets instead — `handleIntersectionResults` reports a key as unrecognized only when
* *every* side rejects it — so the emitted schema has to pool them too, and folding the members
* into one object is the encoding that says so on every target.
*
* This runs from `finalize`, after `extractDefs`, which is what keeps it clear of the `$ref`
* machinery: a member extracted into `$defs` is already a `$ref` by now and declines to fold, so it
* keeps its reference and its own closedness rather than being inlined as a stale copy. */
function foldIntersection(json) {
	const allOf = json.allOf;
	if (!Array.isArray(allOf) || allOf.length < 2) return;
	for (const key of FOLDABLE_KEYS) if (key in json) return;
	const unions = allOf.filter((m) => UNION_KEYS.some((k) => Array.isArray(m[k])));
	let folded = null;
	if (!unions.length) folded = foldObjects(allOf);
	else {
		const union = unions[0];
		const keyword = UNION_KEYS.find((k) => Array.isArray(union[k]));
		if (Object.keys(union).length !== 1) return;
		const rest = allOf.filter((m) => m !== union);
		const branches = union[keyword].map((branch) => foldObjects([...rest, branch]));
		if (branches.some((b) => !b)) return;
		folded = { [keyword]: branches };
	}
	if (!folded) return;
	delete json.allOf;
	assignProps(json, folded);
}
function finalize(ctx, schema) {
	const root = ctx.seen.get(schema);
	if (!root) throw new Error("Unprocessed schema. This is a bug in Zod.");
	const flattenRef = (zodSchema) => {
		const seen = ctx.seen.get(zodSchema);
		if (seen.ref === null) return;
		const schema = seen.def ?? seen.schema;
		const _cached = { ...schema };
		const ref = seen.ref;
		seen.ref = null;
		if (ref) {
			flattenRef(ref);
			const refSeen = ctx.seen.get(ref);
			const refSchema = refSeen.schema;
			if (refSchema.$ref && (ctx.target === "draft-07" || ctx.target === "draft-04" || ctx.target === "openapi-3.0")) {
				schema.allOf = schema.allOf ?? [];
				schema.allOf.push(refSchema);
			} else assignProps(schema, refSchema);
			assignProps(schema, _cached);
			if (zodSchema._zod.parent === ref) for (const key in schema) {
				if (key === "$ref" || key === "allOf") continue;
				if (!(key in _cached)) delete schema[key];
			}
			if (refSchema.$ref && refSeen.def) for (const key in schema) {
				if (key === "$ref" || key === "allOf") continue;
				if (key in refSeen.def && JSON.stringify(schema[key]) === JSON.stringify(refSeen.def[key])) delete schema[key];
			}
		}
		const parent = zodSchema._zod.parent;
		if (parent && parent !== ref) {
			flattenRef(parent);
			const parentSeen = ctx.seen.get(parent);
			if (parentSeen?.schema.$ref) {
				schema.$ref = parentSeen.schema.$ref;
				if (parentSeen.def) for (const key in schema) {
					if (key === "$ref" || key === "allOf") continue;
					if (key in parentSeen.def && JSON.stringify(schema[key]) === JSON.stringify(parentSeen.def[key])) delete schema[key];
				}
			}
		}
		ctx.override({
			zodSchema,
			jsonSchema: schema,
			path: seen.path ?? []
		});
	};
	if (!ctx.external || ctx.sharedEmitDoneFor !== ctx.external) {
		for (const entry of [...ctx.seen.entries()].reverse()) flattenRef(entry[0]);
		if (ctx.target !== "openapi-3.0") for (const entry of ctx.seen.entries()) compactTypeUnion(entry[1].def ?? entry[1].schema);
		for (const rewrite of ctx.deferred) rewrite();
		if (ctx.intersections.length) {
			const carriers = /* @__PURE__ */ new Map();
			for (const seen of ctx.seen.values()) for (const json of [seen.schema, seen.def]) {
				const allOf = json?.allOf;
				if (!Array.isArray(allOf)) continue;
				const existing = carriers.get(allOf);
				if (existing) existing.push(json);
				else carriers.set(allOf, [json]);
			}
			for (const allOf of ctx.intersections) for (const json of carriers.get(allOf) ?? []) foldIntersection(json);
		}
	}
	const result = {};
	if (ctx.target === "draft-2020-12") result.$schema = "https://json-schema.org/draft/2020-12/schema";
	else if (ctx.target === "draft-07") result.$schema = "http://json-schema.org/draft-07/schema#";
	else if (ctx.target === "draft-04") result.$schema = "http://json-schema.org/draft-04/schema#";
	else if (ctx.target === "openapi-3.0") {}
	if (ctx.external?.uri) {
		const id = ctx.external.registry.get(schema)?.id;
		if (!id) throw new Error("Schema is missing an `id` property");
		result.$id = ctx.external.uri(id);
	}
	assignProps(result, root.defId ? root.schema : root.def ?? root.schema);
	const rootMetaId = ctx.metadataRegistry.get(schema)?.id;
	if (rootMetaId !== void 0 && result.id === rootMetaId) delete result.id;
	const defs = ctx.external?.defs ?? {};
	if (!ctx.external || ctx.sharedEmitDoneFor !== ctx.external) for (const entry of ctx.seen.entries()) {
		const seen = entry[1];
		if (seen.def && seen.defId) {
			if (seen.def.id === seen.defId) delete seen.def.id;
			assignProp(defs, seen.defId, seen.def);
		}
	}
	if (ctx.external) ctx.sharedEmitDoneFor = ctx.external;
	if (ctx.external) {} else if (Object.keys(defs).length > 0) {
		if (ctx.target === "draft-2020-12") result.$defs = defs;
		else result.definitions = defs;
	}
	try {
		const finalized = JSON.parse(JSON.stringify(result));
		Object.defineProperty(finalized, "~standard", {
			value: {
				...schema["~standard"],
				jsonSchema: {
					input: createStandardJSONSchemaMethod(schema, "input", ctx.processors),
					output: createStandardJSONSchemaMethod(schema, "output", ctx.processors)
				}
			},
			enumerable: false,
			writable: false
		});
		return finalized;
	} catch (_err) {
		throw new Error("Error converting schema to JSON.");
	}
}
function isTransforming(_schema, _ctx) {
	const ctx = _ctx ?? { seen: /* @__PURE__ */ new Set() };
	if (ctx.seen.has(_schema)) return false;
	ctx.seen.add(_schema);
	const def = _schema._zod.def;
	if (def.type === "transform") return true;
	if (def.type === "array") return isTransforming(def.element, ctx);
	if (def.type === "set") return isTransforming(def.valueType, ctx);
	if (def.type === "lazy") return isTransforming(def.getter(), ctx);
	if (def.type === "promise" || def.type === "optional" || def.type === "nonoptional" || def.type === "nullable" || def.type === "readonly" || def.type === "default" || def.type === "prefault" || def.type === "catch") return isTransforming(def.innerType, ctx);
	if (def.type === "intersection") return isTransforming(def.left, ctx) || isTransforming(def.right, ctx);
	if (def.type === "record" || def.type === "map") return isTransforming(def.keyType, ctx) || isTransforming(def.valueType, ctx);
	if (def.type === "pipe") {
		if (_schema._zod.traits.has("$ZodCodec")) return true;
		return isTransforming(def.in, ctx) || isTransforming(def.out, ctx);
	}
	if (def.type === "object") {
		for (const key in def.shape) if (isTransforming(def.shape[key], ctx)) return true;
		return false;
	}
	if (def.type === "union") {
		for (const option of def.options) if (isTransforming(option, ctx)) return true;
		return false;
	}
	if (def.type === "tuple") {
		for (const item of def.items) if (isTransforming(item, ctx)) return true;
		if (def.rest && isTransforming(def.rest, ctx)) return true;
		return false;
	}
	return false;
}
var FOLDABLE_KEYS, UNION_KEYS, createToJSONSchemaMethod, createStandardJSONSchemaMethod;
var init_to_json_schema = __esmMin((() => {
	init_registries();
	init_util();
	FOLDABLE_KEYS = /* @__PURE__ */ new Set([
		"type",
		"properties",
		"required",
		"additionalProperties"
	]);
	UNION_KEYS = ["oneOf", "anyOf"];
	createToJSONSchemaMethod = (schema, processors = {}) => (params) => {
		const ctx = initializeContext({
			...params,
			processors
		});
		processSchema(schema, ctx);
		extractDefs(ctx, schema);
		return finalize(ctx, schema);
	};
	createStandardJSONSchemaMethod = (schema, io, processors = {}) => (params) => {
		const { libraryOptions, target } = params ?? {};
		const ctx = initializeContext({
			...libraryOptions ?? {},
			target,
			io,
			processors
		});
		processSchema(schema, ctx);
		extractDefs(ctx, schema);
		return finalize(ctx, schema);
	};
}));
// node_modules/zod/v4/core/json-schema-processors.js
function aggregateChecks(schema) {
	const agg = {};
	const def = schema._zod.def;
	const list = schema._zod.traits.has("$ZodCheck") ? [schema, ...def.checks ?? []] : def.checks ?? [];
	for (const ch of list) contributors[ch._zod.def.check]?.(agg, ch._zod.def);
	const bag = schema._zod.bag;
	if (bag.minimum !== void 0) narrowMin(agg, "minimum", bag.minimum);
	if (bag.exclusiveMinimum !== void 0) narrowMin(agg, "exclusiveMinimum", bag.exclusiveMinimum);
	if (bag.maximum !== void 0) narrowMax(agg, "maximum", bag.maximum);
	if (bag.exclusiveMaximum !== void 0) narrowMax(agg, "exclusiveMaximum", bag.exclusiveMaximum);
	if (bag.multipleOf !== void 0) addDivisor(agg, bag.multipleOf);
	if (bag.format !== void 0) {
		agg.format ?? (agg.format = bag.format);
		if (bag.format.includes("int")) agg.isInt = true;
	}
	if (bag.mime) intersectMime(agg, bag.mime);
	for (const pattern of bag.patterns ?? []) addPattern(agg, pattern);
	return agg;
}
function inputOptin(schema) {
	const def = schema._zod.def;
	if (def.type === "pipe" && def.in._zod.traits.has("$ZodTransform")) return inputOptin(def.out);
	if (def.type === "catch") return inputOptin(def.innerType);
	return schema._zod.optin;
}
/** JSON object keys are always strings, so a numeric record key schema is re-expressed over the
* numeric-string form the record parser matches. Deferred to `finalize`, after the flatten: a key
* behind a wrapper only carries its own `type` before then, and a union key only has its branches.
*
* A numeric bound cannot apply to a property name, so `minimum` and its siblings are dropped rather
* than carried over: keeping them beside `type: "string"` reproduces the match-nothing schema this
* exists to fix. A key that carries one therefore emits wider than the record parses — `z.record(z.number().min(5), V)`
* accepts `"3"` — which is the deliberate trade, since throwing on it would reject an ordinary schema
* outright. */
function stringifyKeyNames(bySchema, json, visited) {
	if (json.$ref) {
		if (visited.has(json)) return json;
		visited.add(json);
		const def = bySchema.get(json)?.def;
		if (!def) return json;
		const inlined = stringifyKeyNames(bySchema, def, visited);
		return inlined === def ? json : inlined;
	}
	for (const keyword of ["anyOf", "oneOf"]) {
		const branches = json[keyword];
		if (!Array.isArray(branches)) continue;
		const mapped = branches.map((branch) => stringifyKeyNames(bySchema, branch, visited));
		if (mapped.some((branch, i) => branch !== branches[i])) json = {
			...json,
			[keyword]: mapped
		};
	}
	const types = Array.isArray(json.type) ? json.type : [json.type];
	const numericType = !types.includes("string") && types.some((t) => t === "number" || t === "integer");
	const values = json.enum ?? (json.const !== void 0 ? [json.const] : void 0);
	if (!numericType && !values?.some((v) => typeof v === "number")) return json;
	const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, format, id, ...rest } = json;
	if (rest.enum) rest.enum = rest.enum.map((v) => typeof v === "number" ? String(v) : v);
	else if (typeof rest.const === "number") rest.const = String(rest.const);
	if (!numericType) return rest;
	rest.type = "string";
	if (!values) rest.pattern = (types.includes("number") ? number$1 : integer).source;
	return rest;
}
function rewriteKeyNames(ctx) {
	const bySchema = /* @__PURE__ */ new Map();
	for (const entry of ctx.seen.values()) if (entry.def && !bySchema.has(entry.schema)) bySchema.set(entry.schema, entry);
	const rewrites = /* @__PURE__ */ new Map();
	for (const record of pendingRecords.get(ctx) ?? []) {
		const seen = ctx.seen.get(record);
		const names = (seen?.def ?? seen?.schema)?.propertyNames;
		if (!names || names === true || rewrites.has(names)) continue;
		const rewritten = stringifyKeyNames(bySchema, names, /* @__PURE__ */ new Set());
		if (rewritten !== names) rewrites.set(names, rewritten);
	}
	if (!rewrites.size) return;
	for (const entry of ctx.seen.values()) for (const carrier of [entry.schema, entry.def]) {
		const rewritten = carrier && rewrites.get(carrier.propertyNames);
		if (rewritten) carrier.propertyNames = rewritten;
	}
}
function serializeDefaultValue(value, schema, ctx, json, params) {
	let unrepresentable = false;
	const serialized = JSON.stringify(value, (_, val) => {
		if (typeof val !== "bigint") return val;
		unrepresentable = true;
		return null;
	});
	if (!unrepresentable) return JSON.parse(serialized);
	handleUnrepresentable(schema, ctx, json, params, "BigInt defaults cannot be represented in JSON Schema");
	return UNREPRESENTABLE_DEFAULT;
}
var narrowMin, narrowMax, narrowBoth, addDivisor, addPattern, intersectMime, setFormat, minContributor, maxContributor, formatContributor, contributors, formatMap, exactPatterns, exactPattern, stringProcessor, numberProcessor, booleanProcessor, neverProcessor, unknownProcessor, enumProcessor, literalProcessor, templateLiteralProcessor, customProcessor, transformProcessor, arrayProcessor, objectProcessor, unionProcessor, intersectionProcessor, tupleProcessor, pendingRecords, recordProcessor, nullableProcessor, nonoptionalProcessor, UNREPRESENTABLE_DEFAULT, defaultProcessor, prefaultProcessor, catchProcessor, pipeProcessor, readonlyProcessor, optionalProcessor;
var init_json_schema_processors = __esmMin((() => {
	init_regexes();
	init_schemas$1();
	init_to_json_schema();
	init_util();
	narrowMin = (agg, key, value) => {
		if (agg[key] === void 0 || value > agg[key]) agg[key] = value;
	};
	narrowMax = (agg, key, value) => {
		if (agg[key] === void 0 || value < agg[key]) agg[key] = value;
	};
	narrowBoth = (agg, value) => {
		narrowMin(agg, "minimum", value);
		narrowMax(agg, "maximum", value);
	};
	addDivisor = (agg, value) => {
		agg.multipleOf ?? (agg.multipleOf = []);
		if (!agg.multipleOf.includes(value)) agg.multipleOf.push(value);
	};
	addPattern = (agg, pattern) => {
		agg.patterns ?? (agg.patterns = /* @__PURE__ */ new Set());
		agg.patterns.add(pattern);
	};
	intersectMime = (agg, mime) => {
		agg.mime = agg.mime ? agg.mime.filter((m) => mime.includes(m)) : [...mime];
	};
	setFormat = (agg, format) => {
		agg.format = format;
		if (format.includes("int")) agg.isInt = true;
	};
	minContributor = (agg, def) => narrowMin(agg, "minimum", def.minimum);
	maxContributor = (agg, def) => narrowMax(agg, "maximum", def.maximum);
	formatContributor = (ranges) => (agg, def) => {
		setFormat(agg, def.format);
		const [minimum, maximum] = ranges[def.format];
		narrowMin(agg, "minimum", minimum);
		narrowMax(agg, "maximum", maximum);
	};
	contributors = {
		greater_than: (agg, def) => narrowMin(agg, def.inclusive ? "minimum" : "exclusiveMinimum", def.value),
		less_than: (agg, def) => narrowMax(agg, def.inclusive ? "maximum" : "exclusiveMaximum", def.value),
		multiple_of: (agg, def) => addDivisor(agg, def.value),
		number_format: formatContributor(NUMBER_FORMAT_RANGES),
		bigint_format: formatContributor(BIGINT_FORMAT_RANGES),
		min_length: minContributor,
		max_length: maxContributor,
		length_equals: (agg, def) => narrowBoth(agg, def.length),
		min_size: minContributor,
		max_size: maxContributor,
		size_equals: (agg, def) => narrowBoth(agg, def.size),
		string_format: (agg, def) => {
			setFormat(agg, def.format);
			if (def.pattern) addPattern(agg, def.pattern);
			if (def.format === "base64" || def.format === "base64url") agg.contentEncoding = def.format;
			if (def.local || def.precision === -1) agg.laxFormat = true;
		},
		mime_type: (agg, def) => intersectMime(agg, def.mime)
	};
	formatMap = {
		guid: "uuid",
		url: "uri",
		datetime: "date-time",
		json_string: "json-string",
		regex: ""
	};
	exactPatterns = /* @__PURE__ */ new Map([[base64Charset, base64], [base64urlCharset, base64url]]);
	exactPattern = (p) => exactPatterns.get(p) ?? p;
	stringProcessor = (schema, ctx, _json, _params) => {
		const json = _json;
		json.type = "string";
		const { minimum, maximum, format, patterns, contentEncoding, laxFormat } = aggregateChecks(schema);
		if (typeof minimum === "number") json.minLength = minimum;
		if (typeof maximum === "number") json.maxLength = maximum;
		if (format) {
			json.format = formatMap[format] ?? format;
			if (json.format === "") delete json.format;
			if (format === "time" || laxFormat) delete json.format;
		}
		if (contentEncoding) json.contentEncoding = contentEncoding;
		if (patterns && patterns.size > 0) {
			const patternList = [...patterns].map(exactPattern);
			if (patternList.length === 1) json.pattern = patternList[0].source;
			else if (patternList.length > 1) json.allOf = [...patternList.map((regex) => ({
				...ctx.target === "draft-07" || ctx.target === "draft-04" || ctx.target === "openapi-3.0" ? { type: "string" } : {},
				pattern: regex.source
			}))];
		}
	};
	numberProcessor = (schema, ctx, _json, params) => {
		const json = _json;
		const { minimum, maximum, multipleOf, exclusiveMaximum, exclusiveMinimum, isInt } = aggregateChecks(schema);
		json.type = isInt ? "integer" : "number";
		const exMin = typeof exclusiveMinimum === "number" && exclusiveMinimum >= (minimum ?? Number.NEGATIVE_INFINITY);
		const exMax = typeof exclusiveMaximum === "number" && exclusiveMaximum <= (maximum ?? Number.POSITIVE_INFINITY);
		const legacy = ctx.target === "draft-04" || ctx.target === "openapi-3.0";
		if (exMin) {
			if (legacy) {
				json.minimum = exclusiveMinimum;
				json.exclusiveMinimum = true;
			} else json.exclusiveMinimum = exclusiveMinimum;
		} else if (typeof minimum === "number") json.minimum = minimum;
		if (exMax) {
			if (legacy) {
				json.maximum = exclusiveMaximum;
				json.exclusiveMaximum = true;
			} else json.exclusiveMaximum = exclusiveMaximum;
		} else if (typeof maximum === "number") json.maximum = maximum;
		if (multipleOf) {
			const divisors = /* @__PURE__ */ new Set();
			for (const divisor of multipleOf) if (Number.isFinite(divisor) && divisor !== 0) divisors.add(Math.abs(divisor));
			else handleUnrepresentable(schema, ctx, json, params, `A multipleOf divisor of ${divisor} cannot be represented in JSON Schema`);
			const [first, ...rest] = divisors;
			if (first !== void 0) json.multipleOf = first;
			if (rest.length) json.allOf = [...json.allOf ?? [], ...rest.map((m) => ({ multipleOf: m }))];
		}
	};
	booleanProcessor = (_schema, _ctx, json, _params) => {
		json.type = "boolean";
	};
	neverProcessor = (_schema, _ctx, json, _params) => {
		json.not = {};
	};
	unknownProcessor = (_schema, _ctx, _json, _params) => {};
	enumProcessor = (schema, _ctx, json, _params) => {
		const def = schema._zod.def;
		const values = getEnumValues(def.entries);
		if (values.length === 0) {
			json.not = {};
			return;
		}
		if (values.every((v) => typeof v === "number")) json.type = "number";
		if (values.every((v) => typeof v === "string")) json.type = "string";
		json.enum = values;
	};
	literalProcessor = (schema, ctx, json, params) => {
		const def = schema._zod.def;
		if (def.values.length === 0) {
			json.not = {};
			return;
		}
		const vals = [];
		for (const val of def.values) if (val === void 0) {
			if (handleUnrepresentable(schema, ctx, json, params, "Literal `undefined` cannot be represented in JSON Schema")) return;
		} else if (typeof val === "bigint") {
			if (handleUnrepresentable(schema, ctx, json, params, "BigInt literals cannot be represented in JSON Schema")) return;
			vals.push(Number(val));
		} else vals.push(val);
		if (vals.length === 0) {} else if (vals.length === 1) {
			const val = vals[0];
			json.type = val === null ? "null" : typeof val;
			if (ctx.target === "draft-04" || ctx.target === "openapi-3.0") json.enum = [val];
			else json.const = val;
		} else {
			if (vals.every((v) => typeof v === "number")) json.type = "number";
			if (vals.every((v) => typeof v === "string")) json.type = "string";
			if (vals.every((v) => typeof v === "boolean")) json.type = "boolean";
			if (vals.every((v) => v === null)) json.type = "null";
			json.enum = vals;
		}
	};
	templateLiteralProcessor = (schema, _ctx, json, _params) => {
		const _json = json;
		const pattern = schema._zod.pattern;
		if (!pattern) throw new Error("Pattern not found in template literal");
		_json.type = "string";
		_json.pattern = pattern.source;
	};
	customProcessor = (schema, ctx, json, params) => {
		handleUnrepresentable(schema, ctx, json, params, "Custom types cannot be represented in JSON Schema");
	};
	transformProcessor = (schema, ctx, json, params) => {
		handleUnrepresentable(schema, ctx, json, params, "Transforms cannot be represented in JSON Schema");
	};
	arrayProcessor = (schema, ctx, _json, params) => {
		const json = _json;
		const def = schema._zod.def;
		const { minimum, maximum } = aggregateChecks(schema);
		if (typeof minimum === "number") json.minItems = minimum;
		if (typeof maximum === "number") json.maxItems = maximum;
		json.type = "array";
		json.items = processSchema(def.element, ctx, {
			...params,
			path: [...params.path, "items"]
		});
	};
	objectProcessor = (schema, ctx, _json, params) => {
		const json = _json;
		const def = schema._zod.def;
		const shape = def.shape;
		if (Object.getOwnPropertySymbols(shape).length && handleUnrepresentable(schema, ctx, json, params, "Symbol keys cannot be represented in JSON Schema")) return;
		json.type = "object";
		json.properties = {};
		for (const key in shape) assignProp(json.properties, key, processSchema(shape[key], ctx, {
			...params,
			path: [
				...params.path,
				"properties",
				key
			]
		}));
		const requiredKeys = [];
		for (const key of Object.keys(shape)) {
			const field = def.shape[key];
			if (ctx.io === "input" ? inputOptin(field) === void 0 : field._zod.optout === void 0) requiredKeys.push(key);
		}
		if (requiredKeys.length > 0) json.required = requiredKeys;
		if (def.catchall?._zod.def.type === "never") json.additionalProperties = false;
		else if (!def.catchall) {
			if (ctx.io === "output") json.additionalProperties = false;
		} else if (def.catchall) json.additionalProperties = processSchema(def.catchall, ctx, {
			...params,
			path: [...params.path, "additionalProperties"]
		});
	};
	unionProcessor = (schema, ctx, json, params) => {
		const def = schema._zod.def;
		const isExclusive = def.inclusive === false;
		const options = def.options.map((x, i) => processSchema(x, ctx, {
			...params,
			path: [
				...params.path,
				isExclusive ? "oneOf" : "anyOf",
				i
			]
		}));
		if (isExclusive) json.oneOf = options;
		else json.anyOf = options;
	};
	intersectionProcessor = (schema, ctx, json, params) => {
		const def = schema._zod.def;
		const a = processSchema(def.left, ctx, {
			...params,
			path: [
				...params.path,
				"allOf",
				0
			]
		});
		const b = processSchema(def.right, ctx, {
			...params,
			path: [
				...params.path,
				"allOf",
				1
			]
		});
		const isSimpleIntersection = (val) => "allOf" in val && Object.keys(val).length === 1;
		const allOf = [...isSimpleIntersection(a) ? a.allOf : [a], ...isSimpleIntersection(b) ? b.allOf : [b]];
		json.allOf = allOf;
		ctx.intersections.push(allOf);
	};
	tupleProcessor = (schema, ctx, _json, params) => {
		const json = _json;
		const def = schema._zod.def;
		json.type = "array";
		const prefixPath = ctx.target === "draft-2020-12" ? "prefixItems" : "items";
		const restPath = ctx.target === "draft-2020-12" ? "items" : ctx.target === "openapi-3.0" ? "items" : "additionalItems";
		const prefixItems = def.items.map((x, i) => processSchema(x, ctx, {
			...params,
			path: [
				...params.path,
				prefixPath,
				i
			]
		}));
		const rest = def.rest ? processSchema(def.rest, ctx, {
			...params,
			path: [
				...params.path,
				restPath,
				...ctx.target === "openapi-3.0" ? [def.items.length] : []
			]
		}) : null;
		let minItems = def.items.length;
		while (minItems > 0) {
			const item = def.items[minItems - 1];
			if (!(ctx.io === "input" ? inputOptin(item) !== void 0 : item._zod.optout === "optional")) break;
			minItems--;
		}
		const maxItems = def.items.length;
		const isClosed = !def.rest;
		if (ctx.target === "draft-2020-12") {
			json.prefixItems = prefixItems;
			if (isClosed) json.items = false;
			else if (rest) json.items = rest;
			if (minItems > 0) json.minItems = minItems;
			if (isClosed) json.maxItems = maxItems;
		} else if (ctx.target === "openapi-3.0") {
			json.items = { anyOf: prefixItems };
			if (rest) json.items.anyOf.push(rest);
			if (minItems > 0) json.minItems = minItems;
			if (isClosed) json.maxItems = maxItems;
		} else {
			json.items = prefixItems;
			if (isClosed) json.additionalItems = false;
			else if (rest) json.additionalItems = rest;
			if (minItems > 0) json.minItems = minItems;
			if (isClosed) json.maxItems = maxItems;
		}
		const { minimum, maximum } = aggregateChecks(schema);
		if (typeof minimum === "number") json.minItems = minimum;
		if (typeof maximum === "number") json.maxItems = maximum;
	};
	pendingRecords = /* @__PURE__ */ new WeakMap();
	recordProcessor = (schema, ctx, _json, params) => {
		const json = _json;
		const def = schema._zod.def;
		json.type = "object";
		const keyType = def.keyType;
		const patterns = aggregateChecks(keyType).patterns;
		if (def.mode === "loose" && patterns && patterns.size > 0) {
			const valueSchema = processSchema(def.valueType, ctx, {
				...params,
				path: [
					...params.path,
					"patternProperties",
					"*"
				]
			});
			json.patternProperties = {};
			for (const pattern of patterns) assignProp(json.patternProperties, exactPattern(pattern).source, valueSchema);
		} else {
			if (ctx.target === "draft-07" || ctx.target === "draft-2020-12") {
				json.propertyNames = processSchema(def.keyType, ctx, {
					...params,
					path: [...params.path, "propertyNames"]
				});
				let pending = pendingRecords.get(ctx);
				if (!pending) {
					pending = [];
					pendingRecords.set(ctx, pending);
					ctx.deferred.push(() => rewriteKeyNames(ctx));
				}
				pending.push(schema);
			}
			json.additionalProperties = processSchema(def.valueType, ctx, {
				...params,
				path: [...params.path, "additionalProperties"]
			});
		}
		const keyValues = keyType._zod.values;
		const omittableOnInput = ctx.io === "input" && inputOptin(def.valueType) !== void 0;
		if (keyValues && !def.partial && !omittableOnInput) {
			const validKeyValues = [...keyValues].filter((v) => typeof v === "string" || typeof v === "number");
			if (validKeyValues.length > 0) json.required = validKeyValues.map(String);
		}
	};
	nullableProcessor = (schema, ctx, json, params) => {
		const def = schema._zod.def;
		const inner = processSchema(def.innerType, ctx, params);
		const seen = ctx.seen.get(schema);
		if (ctx.target === "openapi-3.0") {
			seen.ref = def.innerType;
			json.nullable = true;
		} else json.anyOf = [inner, { type: "null" }];
	};
	nonoptionalProcessor = (schema, ctx, _json, params) => {
		const def = schema._zod.def;
		processSchema(def.innerType, ctx, params);
		const seen = ctx.seen.get(schema);
		seen.ref = def.innerType;
	};
	UNREPRESENTABLE_DEFAULT = Symbol();
	defaultProcessor = (schema, ctx, json, params) => {
		const def = schema._zod.def;
		processSchema(def.innerType, ctx, params);
		const seen = ctx.seen.get(schema);
		seen.ref = def.innerType;
		const value = serializeDefaultValue(def.defaultValue, schema, ctx, json, params);
		if (value !== UNREPRESENTABLE_DEFAULT) json.default = value;
	};
	prefaultProcessor = (schema, ctx, json, params) => {
		const def = schema._zod.def;
		processSchema(def.innerType, ctx, params);
		const seen = ctx.seen.get(schema);
		seen.ref = def.innerType;
		if (ctx.io !== "input") return;
		const value = serializeDefaultValue(def.defaultValue, schema, ctx, json, params);
		if (value !== UNREPRESENTABLE_DEFAULT) json._prefault = value;
	};
	catchProcessor = (schema, ctx, json, params) => {
		const def = schema._zod.def;
		processSchema(def.innerType, ctx, params);
		const seen = ctx.seen.get(schema);
		seen.ref = def.innerType;
		let catchValue;
		try {
			catchValue = def.catchValue(void 0);
		} catch {
			handleUnrepresentable(schema, ctx, json, params, "Dynamic catch values are not supported in JSON Schema");
			return;
		}
		json.default = catchValue;
	};
	pipeProcessor = (schema, ctx, _json, params) => {
		const def = schema._zod.def;
		const inIsTransform = def.in._zod.traits.has("$ZodTransform");
		const innerType = ctx.io === "input" ? inIsTransform ? def.out : def.in : def.out;
		processSchema(innerType, ctx, params);
		const seen = ctx.seen.get(schema);
		seen.ref = innerType;
	};
	readonlyProcessor = (schema, ctx, json, params) => {
		const def = schema._zod.def;
		processSchema(def.innerType, ctx, params);
		const seen = ctx.seen.get(schema);
		seen.ref = def.innerType;
		json.readOnly = true;
	};
	optionalProcessor = (schema, ctx, _json, params) => {
		const def = schema._zod.def;
		processSchema(def.innerType, ctx, params);
		const seen = ctx.seen.get(schema);
		seen.ref = def.innerType;
	};
}));
// node_modules/zod/v4/core/index.js
var init_core = __esmMin((() => {
	init_core$1();
	init_parse$2();
	init_errors$2();
	init_schemas$1();
	init_memoizer();
	init_checks$4();
	init_versions();
	init_util();
	init_regexes();
	init_en();
	init_registries();
	init_doc();
	init_compile();
	init_api();
	init_to_json_schema();
	init_json_schema_processors();
	init_to_json_schema();
}));
// node_modules/zod/v4/classic/checks.js
var init_checks$3 = __esmMin((() => {
	init_core();
}));
// node_modules/zod/v4/classic/errors.js
function _lazyMethod(proto, key, make) {
	Object.defineProperty(proto, key, {
		configurable: true,
		enumerable: false,
		get() {
			const value = make(this);
			Object.defineProperty(this, key, {
				value,
				configurable: true,
				writable: true
			});
			return value;
		},
		set(value) {
			Object.defineProperty(this, key, {
				value,
				configurable: true,
				writable: true
			});
		}
	});
}
var _installedErrorProtos, initializer, ZodError, ZodRealError;
var init_errors$1 = __esmMin((() => {
	init_core();
	init_util();
	_installedErrorProtos = /* @__PURE__ */ new WeakSet([Object.prototype, Error.prototype]);
	initializer = (inst, issues) => {
		$ZodError.init(inst, issues);
		inst.name = "ZodError";
		const proto = Object.getPrototypeOf(inst);
		if (_installedErrorProtos.has(proto)) return;
		_installedErrorProtos.add(proto);
		_lazyMethod(proto, "format", (self) => (mapper) => formatError(self, mapper));
		_lazyMethod(proto, "flatten", (self) => (mapper) => flattenError(self, mapper));
		_lazyMethod(proto, "addIssue", (self) => (issue) => {
			self.issues.push(issue);
			self.message = JSON.stringify(self.issues, jsonStringifyReplacer, 2);
		});
		_lazyMethod(proto, "addIssues", (self) => (issues) => {
			self.issues.push(...issues);
			self.message = JSON.stringify(self.issues, jsonStringifyReplacer, 2);
		});
		Object.defineProperty(proto, "isEmpty", {
			configurable: true,
			enumerable: false,
			get() {
				return this.issues.length === 0;
			}
		});
	};
	ZodError = /*@__PURE__*/ $constructor("ZodError", initializer);
	ZodRealError = /*@__PURE__*/ $constructor("ZodError", initializer, void 0, { Parent: Error });
}));
// node_modules/zod/v4/classic/parse.js
var parse$2, parseAsync, safeParse, safeParseAsync, encode$2, decode$1, encodeAsync, decodeAsync, safeEncode, safeDecode, safeEncodeAsync, safeDecodeAsync;
var init_parse$1 = __esmMin((() => {
	init_core();
	init_errors$1();
	parse$2 = /* @__PURE__ */ _parse(ZodRealError);
	parseAsync = /* @__PURE__ */ _parseAsync(ZodRealError);
	safeParse = /* @__PURE__ */ _safeParse(ZodRealError);
	safeParseAsync = /* @__PURE__ */ _safeParseAsync(ZodRealError);
	encode$2 = /* @__PURE__ */ _encode(ZodRealError);
	decode$1 = /* @__PURE__ */ _decode(ZodRealError);
	encodeAsync = /* @__PURE__ */ _encodeAsync(ZodRealError);
	decodeAsync = /* @__PURE__ */ _decodeAsync(ZodRealError);
	safeEncode = /* @__PURE__ */ _safeEncode(ZodRealError);
	safeDecode = /* @__PURE__ */ _safeDecode(ZodRealError);
	safeEncodeAsync = /* @__PURE__ */ _safeEncodeAsync(ZodRealError);
	safeDecodeAsync = /* @__PURE__ */ _safeDecodeAsync(ZodRealError);
}));
// node_modules/zod/v4/classic/schemas.js
function _ensureDefaultLocale() {
	if (!globalConfig.localeError) config(en_default());
}
function _ensureDefaultMemoizer() {
	if (!globalConfig.memoizer) config({ memoizer: memoizer() });
}
function string(params) {
	return /* @__PURE__ */ _string(ZodString, params);
}
function email(params) {
	return /* @__PURE__ */ _email(ZodEmail, params);
}
function url$1(params) {
	return /* @__PURE__ */ _url(ZodURL, params);
}
function number(params) {
	return /* @__PURE__ */ _number(ZodNumber, params);
}
function int(params) {
	return /* @__PURE__ */ _int(ZodNumberFormat, params);
}
function boolean(params) {
	return /* @__PURE__ */ _boolean(ZodBoolean, params);
}
function unknown() {
	return /* @__PURE__ */ _unknown(ZodUnknown);
}
function never(params) {
	return /* @__PURE__ */ _never(ZodNever, params);
}
function array(element, params) {
	return /* @__PURE__ */ _array(ZodArray, element, params);
}
function object(shape, params) {
	const def = {
		type: "object",
		shape: shape ?? {},
		...normalizeParams(params)
	};
	return new ZodObject(def);
}
function strictObject(shape, params) {
	return new ZodObject({
		type: "object",
		shape,
		catchall: never(),
		...normalizeParams(params)
	});
}
function looseObject(shape, params) {
	return new ZodObject({
		type: "object",
		shape,
		catchall: unknown(),
		...normalizeParams(params)
	});
}
function union(options, params) {
	return new ZodUnion({
		type: "union",
		options,
		...normalizeParams(params)
	});
}
function discriminatedUnion(discriminator, options, params) {
	return new ZodDiscriminatedUnion({
		type: "union",
		options,
		discriminator,
		...normalizeParams(params)
	});
}
function intersection(left, right) {
	return new ZodIntersection({
		type: "intersection",
		left,
		right
	});
}
function tuple(items, _paramsOrRest, _params) {
	const hasRest = _paramsOrRest instanceof $ZodType;
	return new ZodTuple({
		type: "tuple",
		items,
		rest: hasRest ? _paramsOrRest : null,
		...normalizeParams(hasRest ? _params : _paramsOrRest)
	});
}
function record(keyType, valueType, params) {
	if (!valueType || !valueType._zod) return new ZodRecord({
		type: "record",
		keyType: string(),
		valueType: keyType,
		...normalizeParams(valueType)
	});
	return new ZodRecord({
		type: "record",
		keyType,
		valueType,
		...normalizeParams(params)
	});
}
function partialRecord(keyType, valueType, params) {
	return new ZodRecord({
		type: "record",
		keyType,
		valueType,
		...normalizeParams(params),
		partial: true
	});
}
function _enum(values, params) {
	const entries = Array.isArray(values) ? Object.fromEntries(values.map((v) => [v, v])) : values;
	return new ZodEnum({
		type: "enum",
		entries,
		...normalizeParams(params)
	});
}
function literal$1(value, params) {
	return new ZodLiteral({
		type: "literal",
		values: Array.isArray(value) ? value : [value],
		...normalizeParams(params)
	});
}
function transform(fn) {
	return new ZodTransform({
		type: "transform",
		transform: fn
	});
}
function optional(innerType) {
	return new ZodOptional({
		type: "optional",
		innerType
	});
}
function exactOptional(innerType) {
	return new ZodExactOptional({
		type: "optional",
		innerType
	});
}
function nullable(innerType) {
	return new ZodNullable({
		type: "nullable",
		innerType
	});
}
function _default(innerType, defaultValue) {
	return new ZodDefault({
		type: "default",
		innerType,
		get defaultValue() {
			return typeof defaultValue === "function" ? defaultValue() : shallowClone(defaultValue);
		}
	});
}
function prefault(innerType, defaultValue) {
	return new ZodPrefault({
		type: "prefault",
		innerType,
		get defaultValue() {
			return typeof defaultValue === "function" ? defaultValue() : shallowClone(defaultValue);
		}
	});
}
function nonoptional(innerType, params) {
	return new ZodNonOptional({
		type: "nonoptional",
		innerType,
		...normalizeParams(params)
	});
}
function _catch(innerType, catchValue) {
	return new ZodCatch({
		type: "catch",
		innerType,
		catchValue: typeof catchValue === "function" ? catchValue : constantCatch(catchValue)
	});
}
function pipe(in_, out) {
	return new ZodPipe({
		type: "pipe",
		in: in_,
		out
	});
}
function codec(in_, out, params) {
	return new ZodCodec({
		type: "pipe",
		in: in_,
		out,
		transform: params.decode,
		reverseTransform: params.encode
	});
}
function readonly(innerType) {
	return new ZodReadonly({
		type: "readonly",
		innerType
	});
}
function templateLiteral(parts, params) {
	return new ZodTemplateLiteral({
		type: "template_literal",
		parts,
		...normalizeParams(params)
	});
}
function custom(fn, _params) {
	return /* @__PURE__ */ _custom(ZodCustom, fn ?? (() => true), _params);
}
function refine(fn, _params = {}) {
	return /* @__PURE__ */ _refine(ZodCustom, fn, _params);
}
function superRefine(fn, params) {
	return /* @__PURE__ */ _superRefine(fn, params);
}
var ZodType, _ZodString, ZodString, ZodStringFormat, ZodISODateTime, ZodISODate, ZodISOTime, ZodISODuration, ZodEmail, ZodGUID, ZodUUID, ZodURL, ZodEmoji, ZodNanoID, ZodCUID, ZodCUID2, ZodULID, ZodXID, ZodKSUID, ZodIPv4, ZodIPv6, ZodCIDRv4, ZodCIDRv6, ZodBase64, ZodBase64URL, ZodE164, ZodJWT, ZodNumber, ZodNumberFormat, ZodBoolean, ZodUnknown, ZodNever, ZodArray, ZodObject, ZodUnion, ZodDiscriminatedUnion, ZodIntersection, ZodTuple, ZodRecord, ZodEnum, ZodLiteral, ZodTransform, ZodOptional, ZodExactOptional, ZodNullable, ZodDefault, ZodPrefault, ZodNonOptional, ZodCatch, ZodPipe, ZodCodec, ZodReadonly, ZodTemplateLiteral, ZodCustom;
var init_schemas = __esmMin((() => {
	init_core();
	init_json_schema_processors();
	init_to_json_schema();
	init_en();
	init_checks$3();
	init_parse$1();
	ZodType = /*@__PURE__*/ $constructor("ZodType", (inst, def) => {
		_ensureDefaultLocale();
		$ZodType.init(inst, def);
		inst.def = def;
		inst.type = def.type;
		return inst;
	}, {
		check(...chks) {
			const def = this.def;
			return this.clone(mergeDefs(def, { checks: [...def.checks ?? [], ...chks.map((ch) => typeof ch === "function" ? { _zod: {
				check: ch,
				def: { check: "custom" },
				onattach: []
			} } : ch)] }), { parent: true });
		},
		with(...chks) {
			return this.check(...chks);
		},
		clone(def, params) {
			return clone(this, def, params);
		},
		brand() {
			return this;
		},
		register(reg, meta) {
			reg.add(this, meta);
			return this;
		},
		refine(check, params) {
			return this.check(refine(check, params));
		},
		superRefine(refinement, params) {
			return this.check(superRefine(refinement, params));
		},
		overwrite(fn) {
			return this.check(/* @__PURE__ */ _overwrite(fn));
		},
		optional() {
			return optional(this);
		},
		exactOptional() {
			return exactOptional(this);
		},
		nullable() {
			return nullable(this);
		},
		nullish() {
			return optional(nullable(this));
		},
		nonoptional(params) {
			return nonoptional(this, params);
		},
		array() {
			return array(this);
		},
		or(arg) {
			return union([this, arg]);
		},
		and(arg) {
			return intersection(this, arg);
		},
		transform(tx) {
			return pipe(this, transform(tx));
		},
		default(d) {
			return _default(this, d);
		},
		prefault(d) {
			return prefault(this, d);
		},
		catch(params) {
			return _catch(this, params);
		},
		pipe(target) {
			return pipe(this, target);
		},
		readonly() {
			return readonly(this);
		},
		describe(description) {
			const cl = this.clone();
			globalRegistry.add(cl, { description });
			return cl;
		},
		meta(...args) {
			if (args.length === 0) return globalRegistry.get(this);
			const cl = this.clone();
			globalRegistry.add(cl, args[0]);
			return cl;
		},
		isOptional() {
			return this.safeParse(void 0).success;
		},
		isNullable() {
			return this.safeParse(null).success;
		},
		apply(fn, ...args) {
			return args.length === 0 ? fn(this) : fn(this, ...args);
		},
		get "~standard"() {
			return hide$1(this, "~standard", {
				...standardProps(this),
				jsonSchema: {
					input: createStandardJSONSchemaMethod(this, "input"),
					output: createStandardJSONSchemaMethod(this, "output")
				}
			});
		},
		set "~standard"(value) {
			own$1(this, "~standard", value);
		},
		parse: function _parse(data, params) {
			return parse$2(this, data, params, { callee: _parse });
		},
		parseAsync: async function _parseAsync(data, params) {
			return await parseAsync(this, data, params, { callee: _parseAsync });
		},
		safeParse(data, params) {
			return safeParse(this, data, params);
		},
		async safeParseAsync(data, params) {
			return safeParseAsync(this, data, params);
		},
		get spa() {
			return this?.safeParseAsync;
		},
		set spa(value) {
			own$1(this, "spa", value);
		},
		validate(data, params) {
			return validate(this, data, params);
		},
		validateAsync(data, params) {
			return validateAsync$1(this, data, params);
		},
		encode: function _encode(data, params) {
			return encode$2(this, data, params, { callee: _encode });
		},
		decode: function _decode(data, params) {
			return decode$1(this, data, params, { callee: _decode });
		},
		encodeAsync: async function _encodeAsync(data, params) {
			return await encodeAsync(this, data, params, { callee: _encodeAsync });
		},
		decodeAsync: async function _decodeAsync(data, params) {
			return await decodeAsync(this, data, params, { callee: _decodeAsync });
		},
		safeEncode(data, params) {
			return safeEncode(this, data, params);
		},
		safeDecode(data, params) {
			return safeDecode(this, data, params);
		},
		async safeEncodeAsync(data, params) {
			return safeEncodeAsync(this, data, params);
		},
		async safeDecodeAsync(data, params) {
			return safeDecodeAsync(this, data, params);
		},
		toJSONSchema(params) {
			return createToJSONSchemaMethod(this, {})(params);
		},
		get description() {
			return globalRegistry.get(this)?.description;
		},
		get _def() {
			return this._zod.def;
		}
	});
	_ZodString = /*@__PURE__*/ $constructor("_ZodString", (inst, def) => {
		$ZodString.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => stringProcessor(inst, ctx, json, params);
	}, /*@__PURE__*/ derived({
		format: (inst) => aggregateChecks(inst).format ?? null,
		minLength: (inst) => aggregateChecks(inst).minimum ?? null,
		maxLength: (inst) => aggregateChecks(inst).maximum ?? null
	}, {
		regex(...args) {
			return this.check(/* @__PURE__ */ _regex(...args));
		},
		includes(...args) {
			return this.check(/* @__PURE__ */ _includes(...args));
		},
		startsWith(...args) {
			return this.check(/* @__PURE__ */ _startsWith(...args));
		},
		endsWith(...args) {
			return this.check(/* @__PURE__ */ _endsWith(...args));
		},
		min(...args) {
			return this.check(/* @__PURE__ */ _minLength(...args));
		},
		max(...args) {
			return this.check(/* @__PURE__ */ _maxLength(...args));
		},
		length(...args) {
			return this.check(/* @__PURE__ */ _length(...args));
		},
		nonempty(...args) {
			return this.check(/* @__PURE__ */ _minLength(1, ...args));
		},
		lowercase(params) {
			return this.check(/* @__PURE__ */ _lowercase(params));
		},
		uppercase(params) {
			return this.check(/* @__PURE__ */ _uppercase(params));
		},
		trim() {
			return this.check(/* @__PURE__ */ _trim());
		},
		normalize(...args) {
			return this.check(/* @__PURE__ */ _normalize(...args));
		},
		toLowerCase() {
			return this.check(/* @__PURE__ */ _toLowerCase());
		},
		toUpperCase() {
			return this.check(/* @__PURE__ */ _toUpperCase());
		},
		slugify() {
			return this.check(/* @__PURE__ */ _slugify());
		}
	}));
	ZodString = /*@__PURE__*/ $constructor("ZodString", (inst, def) => {
		$ZodString.init(inst, def);
		_ZodString.init(inst, def);
	}, {
		email(params) {
			return this.check(/* @__PURE__ */ _email(ZodEmail, params));
		},
		url(params) {
			return this.check(/* @__PURE__ */ _url(ZodURL, params));
		},
		jwt(params) {
			return this.check(/* @__PURE__ */ _jwt(ZodJWT, params));
		},
		emoji(params) {
			return this.check(/* @__PURE__ */ _emoji(ZodEmoji, params));
		},
		guid(params) {
			return this.check(/* @__PURE__ */ _guid(ZodGUID, params));
		},
		uuid(params) {
			return this.check(/* @__PURE__ */ _uuid(ZodUUID, params));
		},
		uuidv4(params) {
			return this.check(/* @__PURE__ */ _uuidv4(ZodUUID, params));
		},
		uuidv6(params) {
			return this.check(/* @__PURE__ */ _uuidv6(ZodUUID, params));
		},
		uuidv7(params) {
			return this.check(/* @__PURE__ */ _uuidv7(ZodUUID, params));
		},
		nanoid(params) {
			return this.check(/* @__PURE__ */ _nanoid(ZodNanoID, params));
		},
		cuid(params) {
			return this.check(/* @__PURE__ */ _cuid(ZodCUID, params));
		},
		cuid2(params) {
			return this.check(/* @__PURE__ */ _cuid2(ZodCUID2, params));
		},
		ulid(params) {
			return this.check(/* @__PURE__ */ _ulid(ZodULID, params));
		},
		base64(params) {
			return this.check(/* @__PURE__ */ _base64(ZodBase64, params));
		},
		base64url(params) {
			return this.check(/* @__PURE__ */ _base64url(ZodBase64URL, params));
		},
		xid(params) {
			return this.check(/* @__PURE__ */ _xid(ZodXID, params));
		},
		ksuid(params) {
			return this.check(/* @__PURE__ */ _ksuid(ZodKSUID, params));
		},
		ipv4(params) {
			return this.check(/* @__PURE__ */ _ipv4(ZodIPv4, params));
		},
		ipv6(params) {
			return this.check(/* @__PURE__ */ _ipv6(ZodIPv6, params));
		},
		cidrv4(params) {
			return this.check(/* @__PURE__ */ _cidrv4(ZodCIDRv4, params));
		},
		cidrv6(params) {
			return this.check(/* @__PURE__ */ _cidrv6(ZodCIDRv6, params));
		},
		e164(params) {
			return this.check(/* @__PURE__ */ _e164(ZodE164, params));
		},
		datetime(params) {
			return this.check(/* @__PURE__ */ _isoDateTime(ZodISODateTime, params));
		},
		date(params) {
			return this.check(/* @__PURE__ */ _isoDate(ZodISODate, params));
		},
		time(params) {
			return this.check(/* @__PURE__ */ _isoTime(ZodISOTime, params));
		},
		duration(params) {
			return this.check(/* @__PURE__ */ _isoDuration(ZodISODuration, params));
		}
	});
	ZodStringFormat = /*@__PURE__*/ $constructor("ZodStringFormat", (inst, def) => {
		$ZodStringFormat.init(inst, def);
		_ZodString.init(inst, def);
	});
	ZodISODateTime = /*@__PURE__*/ $constructor("ZodISODateTime", (inst, def) => {
		$ZodISODateTime.init(inst, def);
		ZodStringFormat.init(inst, def);
	});
	ZodISODate = /*@__PURE__*/ $constructor("ZodISODate", (inst, def) => {
		$ZodISODate.init(inst, def);
		ZodStringFormat.init(inst, def);
	});
	ZodISOTime = /*@__PURE__*/ $constructor("ZodISOTime", (inst, def) => {
		$ZodISOTime.init(inst, def);
		ZodStringFormat.init(inst, def);
	});
	ZodISODuration = /*@__PURE__*/ $constructor("ZodISODuration", (inst, def) => {
		$ZodISODuration.init(inst, def);
		ZodStringFormat.init(inst, def);
	});
	ZodEmail = /*@__PURE__*/ $constructor("ZodEmail", (inst, def) => {
		$ZodEmail.init(inst, def);
		ZodStringFormat.init(inst, def);
	});
	ZodGUID = /*@__PURE__*/ $constructor("ZodGUID", (inst, def) => {
		$ZodGUID.init(inst, def);
		ZodStringFormat.init(inst, def);
	});
	ZodUUID = /*@__PURE__*/ $constructor("ZodUUID", (inst, def) => {
		$ZodUUID.init(inst, def);
		ZodStringFormat.init(inst, def);
	});
	ZodURL = /*@__PURE__*/ $constructor("ZodURL", (inst, def) => {
		$ZodURL.init(inst, def);
		ZodStringFormat.init(inst, def);
	});
	ZodEmoji = /*@__PURE__*/ $constructor("ZodEmoji", (inst, def) => {
		$ZodEmoji.init(inst, def);
		ZodStringFormat.init(inst, def);
	});
	ZodNanoID = /*@__PURE__*/ $constructor("ZodNanoID", (inst, def) => {
		$ZodNanoID.init(inst, def);
		ZodStringFormat.init(inst, def);
	});
	ZodCUID = /*@__PURE__*/ $constructor("ZodCUID", (inst, def) => {
		$ZodCUID.init(inst, def);
		ZodStringFormat.init(inst, def);
	});
	ZodCUID2 = /*@__PURE__*/ $constructor("ZodCUID2", (inst, def) => {
		$ZodCUID2.init(inst, def);
		ZodStringFormat.init(inst, def);
	});
	ZodULID = /*@__PURE__*/ $constructor("ZodULID", (inst, def) => {
		$ZodULID.init(inst, def);
		ZodStringFormat.init(inst, def);
	});
	ZodXID = /*@__PURE__*/ $constructor("ZodXID", (inst, def) => {
		$ZodXID.init(inst, def);
		ZodStringFormat.init(inst, def);
	});
	ZodKSUID = /*@__PURE__*/ $constructor("ZodKSUID", (inst, def) => {
		$ZodKSUID.init(inst, def);
		ZodStringFormat.init(inst, def);
	});
	ZodIPv4 = /*@__PURE__*/ $constructor("ZodIPv4", (inst, def) => {
		$ZodIPv4.init(inst, def);
		ZodStringFormat.init(inst, def);
	});
	ZodIPv6 = /*@__PURE__*/ $constructor("ZodIPv6", (inst, def) => {
		$ZodIPv6.init(inst, def);
		ZodStringFormat.init(inst, def);
	});
	ZodCIDRv4 = /*@__PURE__*/ $constructor("ZodCIDRv4", (inst, def) => {
		$ZodCIDRv4.init(inst, def);
		ZodStringFormat.init(inst, def);
	});
	ZodCIDRv6 = /*@__PURE__*/ $constructor("ZodCIDRv6", (inst, def) => {
		$ZodCIDRv6.init(inst, def);
		ZodStringFormat.init(inst, def);
	});
	ZodBase64 = /*@__PURE__*/ $constructor("ZodBase64", (inst, def) => {
		$ZodBase64.init(inst, def);
		ZodStringFormat.init(inst, def);
	});
	ZodBase64URL = /*@__PURE__*/ $constructor("ZodBase64URL", (inst, def) => {
		$ZodBase64URL.init(inst, def);
		ZodStringFormat.init(inst, def);
	});
	ZodE164 = /*@__PURE__*/ $constructor("ZodE164", (inst, def) => {
		$ZodE164.init(inst, def);
		ZodStringFormat.init(inst, def);
	});
	ZodJWT = /*@__PURE__*/ $constructor("ZodJWT", (inst, def) => {
		$ZodJWT.init(inst, def);
		ZodStringFormat.init(inst, def);
	});
	ZodNumber = /*@__PURE__*/ $constructor("ZodNumber", (inst, def) => {
		$ZodNumber.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => numberProcessor(inst, ctx, json, params);
		inst.isFinite = true;
	}, /*@__PURE__*/ derived({
		minValue: (inst) => {
			const { minimum, exclusiveMinimum } = aggregateChecks(inst);
			return Math.max(minimum ?? Number.NEGATIVE_INFINITY, exclusiveMinimum ?? Number.NEGATIVE_INFINITY);
		},
		maxValue: (inst) => {
			const { maximum, exclusiveMaximum } = aggregateChecks(inst);
			return Math.min(maximum ?? Number.POSITIVE_INFINITY, exclusiveMaximum ?? Number.POSITIVE_INFINITY);
		},
		isInt: (inst) => {
			const { isInt, multipleOf } = aggregateChecks(inst);
			return !!isInt || !!multipleOf?.some(Number.isSafeInteger);
		},
		format: (inst) => aggregateChecks(inst).format ?? null
	}, {
		gt(value, params) {
			return this.check(/* @__PURE__ */ _gt(value, params));
		},
		gte(value, params) {
			return this.check(/* @__PURE__ */ _gte(value, params));
		},
		min(value, params) {
			return this.check(/* @__PURE__ */ _gte(value, params));
		},
		lt(value, params) {
			return this.check(/* @__PURE__ */ _lt(value, params));
		},
		lte(value, params) {
			return this.check(/* @__PURE__ */ _lte(value, params));
		},
		max(value, params) {
			return this.check(/* @__PURE__ */ _lte(value, params));
		},
		int(params) {
			return this.check(int(params));
		},
		safe(params) {
			return this.check(int(params));
		},
		positive(params) {
			return this.check(/* @__PURE__ */ _gt(0, params));
		},
		nonnegative(params) {
			return this.check(/* @__PURE__ */ _gte(0, params));
		},
		negative(params) {
			return this.check(/* @__PURE__ */ _lt(0, params));
		},
		nonpositive(params) {
			return this.check(/* @__PURE__ */ _lte(0, params));
		},
		multipleOf(value, params) {
			return this.check(/* @__PURE__ */ _multipleOf(value, params));
		},
		step(value, params) {
			return this.check(/* @__PURE__ */ _multipleOf(value, params));
		},
		finite() {
			return this;
		}
	}));
	ZodNumberFormat = /*@__PURE__*/ $constructor("ZodNumberFormat", (inst, def) => {
		$ZodNumberFormat.init(inst, def);
		ZodNumber.init(inst, def);
	});
	ZodBoolean = /*@__PURE__*/ $constructor("ZodBoolean", (inst, def) => {
		$ZodBoolean.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => booleanProcessor(inst, ctx, json, params);
	});
	ZodUnknown = /*@__PURE__*/ $constructor("ZodUnknown", (inst, def) => {
		$ZodUnknown.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => unknownProcessor(inst, ctx, json, params);
	});
	ZodNever = /*@__PURE__*/ $constructor("ZodNever", (inst, def) => {
		$ZodNever.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => neverProcessor(inst, ctx, json, params);
	});
	ZodArray = /*@__PURE__*/ $constructor("ZodArray", (inst, def) => {
		_ensureDefaultMemoizer();
		$ZodArray.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => arrayProcessor(inst, ctx, json, params);
		inst.element = def.element;
	}, {
		min(n, params) {
			return this.check(/* @__PURE__ */ _minLength(n, params));
		},
		nonempty(params) {
			return this.check(/* @__PURE__ */ _minLength(1, params));
		},
		max(n, params) {
			return this.check(/* @__PURE__ */ _maxLength(n, params));
		},
		length(n, params) {
			return this.check(/* @__PURE__ */ _length(n, params));
		},
		unwrap() {
			return this.element;
		}
	});
	ZodObject = /*@__PURE__*/ $constructor("ZodObject", (inst, def) => {
		_ensureDefaultMemoizer();
		$ZodObjectJIT.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => objectProcessor(inst, ctx, json, params);
		installLazyProp(inst, "shape", (self) => self._zod.def.shape, false);
	}, {
		keyof() {
			return _enum(Object.keys(this._zod.def.shape));
		},
		catchall(catchall) {
			return this.clone(mergeDefs(this._zod.def, { catchall }));
		},
		passthrough() {
			return this.clone(mergeDefs(this._zod.def, { catchall: unknown() }));
		},
		loose() {
			return this.clone(mergeDefs(this._zod.def, { catchall: unknown() }));
		},
		strict() {
			return this.clone(mergeDefs(this._zod.def, { catchall: never() }));
		},
		strip() {
			return this.clone(mergeDefs(this._zod.def, { catchall: void 0 }));
		},
		extend(incoming) {
			return extend(this, incoming);
		},
		safeExtend(incoming) {
			return safeExtend(this, incoming);
		},
		merge(other) {
			return merge$1(this, other);
		},
		pick(mask) {
			return pick(this, mask);
		},
		omit(mask) {
			return omit(this, mask);
		},
		partial(...args) {
			return partial$1(ZodOptional, this, args[0]);
		},
		exactPartial(...args) {
			return partial$1(ZodExactOptional, this, args[0], "exactPartial");
		},
		required(...args) {
			return required$1(ZodNonOptional, this, args[0]);
		}
	});
	ZodUnion = /*@__PURE__*/ $constructor("ZodUnion", (inst, def) => {
		$ZodUnion.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => unionProcessor(inst, ctx, json, params);
		inst.options = def.options;
	});
	ZodDiscriminatedUnion = /*@__PURE__*/ $constructor("ZodDiscriminatedUnion", (inst, def) => {
		ZodUnion.init(inst, def);
		$ZodDiscriminatedUnion.init(inst, def);
	});
	ZodIntersection = /*@__PURE__*/ $constructor("ZodIntersection", (inst, def) => {
		$ZodIntersection.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => intersectionProcessor(inst, ctx, json, params);
	});
	ZodTuple = /*@__PURE__*/ $constructor("ZodTuple", (inst, def) => {
		_ensureDefaultMemoizer();
		$ZodTuple.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => tupleProcessor(inst, ctx, json, params);
	}, {
		rest(rest) {
			return this.clone({
				...this._zod.def,
				rest
			});
		},
		partial() {
			const def = this._zod.def;
			if (def.checks?.length) throw new Error(".partial() cannot be used on tuple schemas containing refinements");
			return this.clone({
				...def,
				items: def.items.map((item) => new ZodOptional({
					type: "optional",
					innerType: item
				}))
			});
		}
	});
	ZodRecord = /*@__PURE__*/ $constructor("ZodRecord", (inst, def) => {
		_ensureDefaultMemoizer();
		$ZodRecord.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => recordProcessor(inst, ctx, json, params);
		inst.keyType = def.keyType;
		inst.valueType = def.valueType;
	});
	ZodEnum = /*@__PURE__*/ $constructor("ZodEnum", (inst, def) => {
		$ZodEnum.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => enumProcessor(inst, ctx, json, params);
		inst.enum = def.entries;
		inst.options = [...inst._zod.values];
		const keys = new Set(Object.keys(def.entries));
		inst.extract = (values, params) => {
			const newEntries = {};
			for (const value of values) if (keys.has(value)) newEntries[value] = def.entries[value];
			else throw new Error(`Key ${value} not found in enum`);
			return new ZodEnum({
				...def,
				checks: [],
				...normalizeParams(params),
				entries: newEntries
			});
		};
		inst.exclude = (values, params) => {
			const newEntries = { ...def.entries };
			for (const value of values) if (keys.has(value)) delete newEntries[value];
			else throw new Error(`Key ${value} not found in enum`);
			return new ZodEnum({
				...def,
				checks: [],
				...normalizeParams(params),
				entries: newEntries
			});
		};
	});
	ZodLiteral = /*@__PURE__*/ $constructor("ZodLiteral", (inst, def) => {
		$ZodLiteral.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => literalProcessor(inst, ctx, json, params);
		inst.values = new Set(def.values);
		Object.defineProperty(inst, "value", { get() {
			if (def.values.length > 1) throw new Error("This schema contains multiple valid literal values. Use `.values` instead.");
			return def.values[0];
		} });
	});
	ZodTransform = /*@__PURE__*/ $constructor("ZodTransform", (inst, def) => {
		_ensureDefaultMemoizer();
		$ZodTransform.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => transformProcessor(inst, ctx, json, params);
		inst._zod.parse = (payload, _ctx) => {
			if (_ctx.direction === "backward") throw new $ZodEncodeError(inst.constructor.name);
			payload.addIssue = (issue$1) => {
				if (typeof issue$1 === "string") payload.issues.push(issue(issue$1, payload.value, def));
				else {
					const _issue = issue$1;
					if (_issue.fatal) _issue.continue = false;
					_issue.code ?? (_issue.code = "custom");
					if (!("input" in _issue)) _issue.input = payload.value;
					_issue.inst ?? (_issue.inst = inst);
					payload.issues.push(issue(_issue));
				}
			};
			const output = def.transform(payload.value, payload);
			if (output instanceof Promise) return output.then((output) => {
				payload.value = output;
				return payload;
			});
			payload.value = output;
			return payload;
		};
	});
	ZodOptional = /*@__PURE__*/ $constructor("ZodOptional", (inst, def) => {
		$ZodOptional.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => optionalProcessor(inst, ctx, json, params);
		inst.unwrap = () => inst._zod.def.innerType;
	});
	ZodExactOptional = /*@__PURE__*/ $constructor("ZodExactOptional", (inst, def) => {
		$ZodExactOptional.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => optionalProcessor(inst, ctx, json, params);
		inst.unwrap = () => inst._zod.def.innerType;
	});
	ZodNullable = /*@__PURE__*/ $constructor("ZodNullable", (inst, def) => {
		$ZodNullable.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => nullableProcessor(inst, ctx, json, params);
		inst.unwrap = () => inst._zod.def.innerType;
	});
	ZodDefault = /*@__PURE__*/ $constructor("ZodDefault", (inst, def) => {
		$ZodDefault.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => defaultProcessor(inst, ctx, json, params);
		inst.unwrap = () => inst._zod.def.innerType;
		inst.removeDefault = inst.unwrap;
	});
	ZodPrefault = /*@__PURE__*/ $constructor("ZodPrefault", (inst, def) => {
		$ZodPrefault.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => prefaultProcessor(inst, ctx, json, params);
		inst.unwrap = () => inst._zod.def.innerType;
	});
	ZodNonOptional = /*@__PURE__*/ $constructor("ZodNonOptional", (inst, def) => {
		$ZodNonOptional.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => nonoptionalProcessor(inst, ctx, json, params);
		inst.unwrap = () => inst._zod.def.innerType;
	});
	ZodCatch = /*@__PURE__*/ $constructor("ZodCatch", (inst, def) => {
		$ZodCatch.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => catchProcessor(inst, ctx, json, params);
		inst.unwrap = () => inst._zod.def.innerType;
		inst.removeCatch = inst.unwrap;
	});
	ZodPipe = /*@__PURE__*/ $constructor("ZodPipe", (inst, def) => {
		$ZodPipe.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => pipeProcessor(inst, ctx, json, params);
		inst.in = def.in;
		inst.out = def.out;
	});
	ZodCodec = /*@__PURE__*/ $constructor("ZodCodec", (inst, def) => {
		ZodPipe.init(inst, def);
		$ZodCodec.init(inst, def);
	});
	ZodReadonly = /*@__PURE__*/ $constructor("ZodReadonly", (inst, def) => {
		$ZodReadonly.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => readonlyProcessor(inst, ctx, json, params);
		inst.unwrap = () => inst._zod.def.innerType;
	});
	ZodTemplateLiteral = /*@__PURE__*/ $constructor("ZodTemplateLiteral", (inst, def) => {
		$ZodTemplateLiteral.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => templateLiteralProcessor(inst, ctx, json, params);
	});
	ZodCustom = /*@__PURE__*/ $constructor("ZodCustom", (inst, def) => {
		$ZodCustom.init(inst, def);
		ZodType.init(inst, def);
		inst._zod.processJSONSchema = (ctx, json, params) => customProcessor(inst, ctx, json, params);
	});
}));
// node_modules/zod/v4/classic/compat.js
var init_compat = __esmMin((() => {
	init_core();
}));
// node_modules/zod/v4/classic/iso.js
function datetime(params) {
	return /* @__PURE__ */ _isoDateTime(ZodISODateTime, params);
}
var init_iso = __esmMin((() => {
	init_core();
	init_schemas();
}));
// node_modules/zod/v4/classic/external.js
var init_external$1 = __esmMin((() => {
	init_core();
	init_schemas();
	init_checks$3();
	init_errors$1();
	init_parse$1();
	init_compat();
	init_json_schema_processors();
	init_registries();
	init_util();
	init_checks$3();
	init_iso();
	init_schemas();
	init_schemas$1();
	init_en();
}));
// node_modules/zod/index.js
var init_zod = __esmMin((() => {
	init_external$1();
	init_external$1();
}));
// src/config/duration.ts
var duration_exports = /* @__PURE__ */ __exportAll({
	Duration: () => Duration,
	durationBetween: () => durationBetween
});
/** A duration that is not below, nor above, these lengths. */
function durationBetween(least, most) {
	const within = (ms) => ms >= toMs(least) && ms <= toMs(most);
	return Duration.refine(within, { error: `must be from ${least} to ${most}` });
}
function toMs(text) {
	const [, count = "0", unit = "s"] = pattern$1.exec(text) ?? [];
	return Number(count) * units$1[unit];
}
var units$1, pattern$1, Duration;
var init_duration = __esmMin((() => {
	init_zod();
	units$1 = {
		ms: 1,
		s: 1e3,
		m: 6e4,
		h: 36e5,
		d: 864e5
	};
	pattern$1 = /^(0|[1-9]\d{0,8})(ms|s|m|h|d)$/;
	Duration = codec(string({ error: "a duration such as 30s, 2m, 8h or 1d" }).regex(pattern$1), number(), {
		decode: toMs,
		encode: (ms) => `${ms}ms`
	}).describe("A duration: a whole number and ms, s, m, h or d, such as 30s.");
}));
// action/inputs.ts
function readInputs$1() {
	return Object.fromEntries(names.map((name) => [name, getInput(name)]));
}
function required(inputs, name) {
	const value = inputs[name];
	if (value !== "") return value;
	throw wrongInput(name, `the mode \`${inputs.mode}\` needs it`);
}
/** As YAML's core schema has it. */
function booleanInput(inputs, name) {
	const value = inputs[name].toLowerCase();
	if (value === "true") return true;
	if (value === "false" || value === "") return false;
	throw wrongInput(name, "`true` or `false`");
}
/** In ms. */
async function durationInput(inputs, name) {
	const { Duration } = await Promise.resolve().then(() => (init_duration(), duration_exports));
	const parsed = Duration.safeParse(inputs[name]);
	if (parsed.success) return parsed.data;
	throw wrongInput(name, "a duration such as `90s`, `30m` or `2h`");
}
/** What is wrong is said; the value itself may be a secret and is not. */
function wrongInput(name, expected) {
	return new SallyportError({
		code: "input_invalid",
		message: `The input \`${name}\` is missing or not as it must be: ${expected}.`,
		hint: "Inputs are described in docs/action.md.",
		exit: exitCodes.usage
	});
}
var names;
var init_inputs = __esmMin((() => {
	init_core$2();
	init_errors$3();
	names = [
		"mode",
		"token",
		"signing-key",
		"public-key",
		"environment",
		"ref",
		"sha",
		"to",
		"reason",
		"only",
		"params",
		"wait",
		"timeout",
		"deployment",
		"config"
	];
}));
// action/run.ts
function readRun(env) {
	const wrong = [];
	const read = (name, pattern) => {
		const value = env[`GITHUB_${name}`] ?? "";
		if (!pattern.test(value)) wrong.push(`GITHUB_${name}`);
		return value;
	};
	const repository = read("REPOSITORY", /^[\w.-]+\/[\w.-]+$/u);
	const [owner = "", name = ""] = repository.split("/");
	const actor = {
		id: Number(read("ACTOR_ID", id)),
		login: read("ACTOR", text)
	};
	const { GITHUB_TRIGGERING_ACTOR, GITHUB_JOB = "", GITHUB_ACTION = "" } = env;
	const attempt = `${read("RUN_ID", id)}:${read("RUN_ATTEMPT", id)}`;
	const run = {
		apiUrl: read("API_URL", url),
		url: `${read("SERVER_URL", url)}/${repository}`,
		owner,
		name,
		repositoryId: Number(read("REPOSITORY_ID", id)),
		workspace: read("WORKSPACE", text),
		eventName: read("EVENT_NAME", text),
		eventPath: read("EVENT_PATH", text),
		actor,
		startedBy: GITHUB_TRIGGERING_ACTOR || actor.login,
		sha: read("SHA", text),
		place: `${attempt}:${GITHUB_JOB.slice(0, 100)}:${GITHUB_ACTION.slice(0, 100)}`
	};
	if (wrong.length === 0) return run;
	throw new SallyportError({
		code: "not_a_runner",
		message: `A runner of GitHub Actions sets ${wrong.join(", ")}; here it is missing or odd.`,
		hint: "Outside of a workflow use the program: sallyport --help",
		exit: exitCodes.usage
	});
}
/** The event that started the run, as GitHub sent it but without `installation`. */
async function readEvent({ eventPath }) {
	try {
		const { size } = await stat(eventPath);
		if (size > maxEventBytes) throw new Error(`it has ${size} bytes`);
		return JSON.parse(await readFile(eventPath, "utf8"));
	} catch (cause) {
		throw new SallyportError({
			code: "event_unreadable",
			message: `The event of the run cannot be read: ${eventPath}`,
			hint: "Run the workflow again.",
			cause
		});
	}
}
var id, url, text, maxEventBytes;
var init_run = __esmMin((() => {
	init_errors$3();
	id = /^\d{1,15}$/u;
	url = /^https?:\/\/[^\s/]+/u;
	text = /^./u;
	maxEventBytes = 26214400;
}));
// src/model/nearest.ts
/**
* The known name that a misspelt one most likely meant, or `undefined`. A slip is a letter
* added, left out, wrong, or swapped with its neighbour; a name of up to five letters forgives
* one, a longer one two. Case is not counted. Of equals the first known one stands.
*/
function nearest(word, known) {
	let best;
	let fewest = Infinity;
	for (const name of known) {
		const forgiven = name.length < 6 ? 1 : 2;
		if (Math.abs(name.length - word.length) > forgiven) continue;
		const slips = countSlips(word.toLowerCase(), name.toLowerCase());
		if (slips <= forgiven && slips < fewest) [best, fewest] = [name, slips];
	}
	return best;
}
/** Edit distance with swaps of neighbours (optimal string alignment). */
function countSlips(from, to) {
	let before = [];
	let above = Array.from({ length: to.length + 1 }, (_, column) => column);
	for (let row = 1; row <= from.length; row++) {
		const current = [row];
		for (let column = 1; column <= to.length; column++) {
			const same = from[row - 1] === to[column - 1];
			const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
			current[column] = Math.min(above[column] + 1, current[column - 1] + 1, above[column - 1] + (same ? 0 : 1), swapped ? before[column - 2] + 1 : Infinity);
		}
		[before, above] = [above, current];
	}
	return above[to.length];
}
var init_nearest = __esmMin((() => {}));
// src/command/command-lines.ts
/**
* The lines of a comment that begin with a slash and are neither in a code block, a quote nor an
* HTML comment. In doubt a line is taken for code: a command that is not read is typed again,
* one that nobody meant is worse. Linear in the length of the comment.
*/
function commandLines(body) {
	const found = [];
	let block = { kind: "text" };
	let isQuoted = false;
	for (const [index, whole] of linesOf(body).entries()) {
		if (block.kind === "fence") {
			if (closesFence(whole, block)) block = { kind: "text" };
			continue;
		}
		if (block.kind === "html") {
			if (whole.toLowerCase().includes(block.end)) block = { kind: "text" };
			continue;
		}
		const opened = openingOf(whole);
		if (opened) {
			isQuoted = false;
			block = opened;
			continue;
		}
		isQuoted = staysQuoted(whole, isQuoted);
		const { text, unclosed } = withoutComments$1(whole);
		if (!isQuoted && whole.startsWith("/")) found.push({
			line: index + 1,
			text
		});
		if (unclosed) block = {
			kind: "html",
			end: "-->"
		};
	}
	return found;
}
/** The lines of a comment, without a byte order mark that nobody sees before them. */
function linesOf(body) {
	return body.split(/\r\n|\n|\r/).map((line) => line.replace(/^\uFEFF+/, ""));
}
/** CommonMark 5.1: a paragraph that a quote began goes on in lines without a mark, up to an empty one. */
function staysQuoted(line, wasQuoted) {
	const [, quoted] = /^ {0,3}>(.*)$/.exec(line) ?? [];
	return quoted === void 0 ? wasQuoted && /\S/.test(line) : /[^\s>]/.test(quoted);
}
/** CommonMark 4.5 (fences) and 4.6, first kind (`<pre>` and its like). */
function openingOf(line) {
	const fence = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
	if (fence && !(fence[1].startsWith("`") && fence[2].includes("`"))) return {
		kind: "fence",
		mark: fence[1][0],
		length: fence[1].length
	};
	const raw = /^ {0,3}<(pre|script|style|textarea)(?=[\s>]|$)/i.exec(line);
	if (!raw) return null;
	const end = `</${raw[1].toLowerCase()}>`;
	return line.toLowerCase().includes(end) ? null : {
		kind: "html",
		end
	};
}
function closesFence(line, fence) {
	const [, marks = ""] = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line) ?? [];
	return marks.startsWith(fence.mark) && marks.length >= fence.length;
}
/** Cuts out `<!-- … -->`; one that begins in a code span of its line is text. */
function withoutComments$1(line) {
	let text = "";
	let from = 0;
	let inCode = false;
	for (const { 0: mark, index } of line.matchAll(/`|<!--/g)) {
		if (index < from) continue;
		if (mark === "`") {
			inCode = !inCode;
			continue;
		}
		if (inCode) continue;
		const end = line.indexOf("-->", index + mark.length);
		text += `${line.slice(from, index)} `;
		if (end === -1) return {
			text,
			unclosed: true
		};
		from = end + 3;
	}
	return {
		text: text + line.slice(from),
		unclosed: false
	};
}
var init_command_lines = __esmMin((() => {}));
// src/command/commit-of.ts
/** `@abc1234` and a full SHA name a commit, any other word a branch or a tag. */
function commitOf$1(word) {
	if (word === void 0) return {
		ref: null,
		sha: null
	};
	const sha = word.replace(/^@/, "").toLowerCase();
	if (/^[0-9a-f]{40}$/.test(sha)) return {
		ref: null,
		sha
	};
	if (!word.startsWith("@")) return isRefName(word) ? {
		ref: word,
		sha: null
	} : {
		code: "invalid_ref",
		message: "That is not the name of a branch or a tag."
	};
	return /^[0-9a-f]{7,40}$/.test(sha) ? {
		ref: null,
		sha
	} : {
		code: "invalid_sha",
		message: "After `@` come 7 to 40 hexadecimal digits of a commit."
	};
}
/** git-check-ref-format, and no leading dash: no program ever takes it for an option. */
function isRefName(word) {
	return word.length <= 255 && !/[\p{Cc} ~^:?*[\\]|\.\.|@\{|\/\/|\/\.|^[-./]|[./]$|\.lock(\/|$)/u.test(word);
}
var init_commit_of = __esmMin((() => {}));
// src/command/flags.ts
/** What stands behind the flag; `null` where nothing does. */
function valueOf$1(name) {
	return flagTable[name].takes;
}
var flagTable;
var init_flags = __esmMin((() => {
	flagTable = {
		reason: { takes: "a text" },
		for: { takes: "a time" },
		only: { takes: "the name of a target" },
		sha: { takes: "a commit" },
		force: { takes: null },
		stage: { takes: null },
		"plan-only": { takes: null },
		"force-quarantined": { takes: null },
		"accept-gap": { takes: null },
		"until-merge": { takes: null },
		sticky: { takes: null },
		info: { takes: null }
	};
}));
// src/command/read-flags.ts
/** `--name`, `--name=value` and, of those that have one, `--name value`; a name is given once. */
function readFlags(all, row, line) {
	const flags = /* @__PURE__ */ new Map();
	const words = [];
	for (let at = 0; at < all.length; at += 1) {
		const word = all[at];
		if (!isFlag(word)) {
			words.push(word.text);
			continue;
		}
		const [, name, value] = /^(?:--|—)([a-z][a-z0-9-]{0,39})(?:=(.{1,255}))?$/u.exec(word.text) ?? [];
		if (name === void 0) return {
			line,
			code: "invalid_flag",
			message: "A flag is `--name` or `--name=value`, in lower-case letters."
		};
		if (!isOf(name, row)) return {
			line,
			...notTaken(name, row)
		};
		if (flags.has(name)) return {
			line,
			code: "duplicate_flag",
			message: `The flag \`--${name}\` is given twice.`
		};
		const takes = valueOf$1(name);
		if (takes === null && value !== void 0) return {
			line,
			code: "invalid_flag",
			message: `Nothing stands behind \`--${name}\`.`
		};
		const next = all[at + 1];
		if (takes !== null && value === void 0) {
			if (next === void 0 || isFlag(next)) return {
				line,
				code: "invalid_flag",
				message: `\`--${name}\` takes ${takes}: \`--${name}=…\`.`
			};
			flags.set(name, next.text);
			at += 1;
		} else flags.set(name, value ?? true);
	}
	return {
		flags: Object.fromEntries(flags),
		words
	};
}
/** People's keyboards make a long dash of two short ones; a dash that stands alone is prose. */
function isFlag({ text, isQuoted }) {
	return !isQuoted && /^(--|—)[^-—]/u.test(text);
}
function isOf(name, { flags }) {
	return flags.includes(name);
}
function notTaken(name, row) {
	const meant = nearest(name, row.flags);
	const known = row.flags.map((flag) => `\`--${flag}\``).join(", ");
	const help = meant === void 0 ? `It takes ${known || "none"}.` : `Did you mean \`--${meant}\`?`;
	return {
		code: "invalid_flag",
		message: `\`/${row.name}\` takes no \`--${name}\`. ${help}`,
		...meant === void 0 ? {} : { did_you_mean: `--${meant}` }
	};
}
var init_read_flags = __esmMin((() => {
	init_nearest();
	init_flags();
}));
// src/command/read-inputs.ts
/**
* What stands after `|`: data for targets, kept as it was typed. Which names and values there may
* be is up to the targets.
*/
function readInputs(text, line) {
	const inputs = /* @__PURE__ */ new Map();
	let rest = text.trim();
	while (rest !== "") {
		const [whole, name, quoted, plain] = pair.exec(rest) ?? [];
		const value = quoted ?? plain;
		if (whole === void 0 || name === void 0 || value === void 0) return invalid$2(line, "After `|` come parameters: `name=value` or `name=\"two words\"`.");
		const problem = inputs.has(name) ? `The parameter \`${name}\` is given twice.` : problemOfName(name) ?? problemOfValue(name, value);
		if (problem !== null) return invalid$2(line, problem);
		inputs.set(name, value);
		if (inputs.size > maxInputs) return invalid$2(line, `At most ${maxInputs} parameters are read.`);
		rest = rest.slice(whole.length).trimStart();
	}
	return { inputs: Object.fromEntries(inputs) };
}
function problemOfName(name) {
	if (!/^[a-z][a-z0-9_]{0,39}$/.test(name)) return "The name of a parameter is lower-case letters, digits and `_`, a letter first, at most 40.";
	return name in Object.prototype ? `No parameter may be called \`${name}\`.` : null;
}
function problemOfValue(name, value) {
	if (value.length > maxValue) return `The parameter \`${name}\` has more than ${maxValue} characters.`;
	return /\p{Cc}/u.test(value) ? `The parameter \`${name}\` holds a control character.` : null;
}
function invalid$2(line, message) {
	return {
		line,
		code: "invalid_parameter",
		message
	};
}
var maxInputs, maxValue, pair;
var init_read_inputs = __esmMin((() => {
	maxInputs = 20;
	maxValue = 1024;
	pair = /^([^\s="“”]{1,80})=(?:["“”]([^"“”]*)["“”](?=\s|$)|([^\s"“”]*)(?=\s|$))/u;
}));
// src/command/split-words.ts
/**
* Words of a line, divided by white space of any kind, no-break too. Quotes count where a word, or
* the value of a flag, begins with them; everywhere else they are letters. With `takesInputs`, a
* word that begins with `|` ends them.
*/
function splitWords(line, at, takesInputs) {
	const words = [];
	let rest = line.trimStart();
	while (rest !== "") {
		if (takesInputs && rest.startsWith("|")) return {
			words,
			inputs: rest.slice(1)
		};
		const [flag = ""] = flagBefore.exec(rest) ?? [];
		const [whole, inner] = quoted.exec(rest.slice(flag.length)) ?? [];
		if (whole !== void 0 && inner !== void 0) {
			words.push({
				text: flag + inner.replace(/\s+/gu, " "),
				isQuoted: flag === ""
			});
			rest = rest.slice(flag.length + whole.length).trimStart();
			continue;
		}
		if (flag !== "" || /^["“”]/u.test(rest)) return {
			line: at,
			code: "invalid_quote",
			message: "A quote that begins has to end."
		};
		const [text = ""] = /^\S+/u.exec(rest) ?? [];
		words.push({
			text,
			isQuoted: false
		});
		rest = rest.slice(text.length).trimStart();
	}
	return {
		words,
		inputs: null
	};
}
var quoted, flagBefore;
var init_split_words = __esmMin((() => {
	quoted = /^["“”]([^"“”]*)["“”](?=\s|$)/u;
	flagBefore = /^(?:--|—)[a-z][a-z0-9-]{0,39}=(?=["“”])/;
}));
// src/command/read-words.ts
/** What stands behind a known command. */
function readWords(row, text, line) {
	const whole = splitWords(text, line, row.takesInputs === true);
	if ("code" in whole) return whole;
	const split = readFlags(whole.words, row, line);
	if ("code" in split) return split;
	const { reason, for: time, sha, ...flags } = split.flags;
	const given = {
		reason: textOf$1(reason),
		for: textOf$1(time),
		sha: textOf$1(sha)
	};
	const read = readRow(row.name, split.words, given);
	if ("code" in read) return {
		line,
		code: read.code,
		message: `${read.message} Usage: \`${row.usage}\`.`
	};
	const typed = readInputs(whole.inputs ?? "", line);
	return "code" in typed ? typed : {
		line,
		flags,
		...typed,
		...read
	};
}
function readRow(name, words, given) {
	switch (name) {
		case "help": return readNone(name, words);
		case "status": return readStatus$1(name, words);
		case "approve": return readApprove(name, words, given);
		case "reject": return readReject(name, words, given);
		case "lock": return readWithReason(name, words, given);
		case "pause": return readPause(name, words, given);
		case "cancel":
		case "unlock":
		case "resume": return readPlain(name, words, given);
		case "deploy":
		case "plan":
		case "rollback": return readWithCommit(name, words, given);
		case "switch": return readSwitch(name, words, given);
		case "promote": return readPromote(name, words, given);
	}
}
function readNone(name, words) {
	return words.length > 0 ? tooMany("This command takes no words.") : {
		name,
		environment: null,
		...noCommit,
		params: {}
	};
}
function readStatus$1(name, words) {
	const [environment = null, ...more] = words;
	if (more.length > 0) return tooMany("This command takes one word.");
	return misnamed(environment) ?? {
		name,
		environment,
		...noCommit,
		params: {}
	};
}
function readWithCommit(name, words, given) {
	const [environment, commit, ...more] = words;
	if (environment === void 0) return whichOne;
	const wrong = misnamed(environment);
	if (wrong) return wrong;
	if (more.length > 0) return tooMany("This command takes two words.");
	if (commit !== void 0 && given.sha !== void 0) return tooMany("Give one commit.");
	const named = commitOf$1(given.sha === void 0 ? commit : `@${given.sha.replace(/^@/, "")}`);
	if ("code" in named) return named;
	return withReason({
		name,
		environment,
		...named
	}, [], given);
}
function readSwitch(name, words, given) {
	const [environment, first, second, ...more] = words;
	if (environment === void 0) return whichOne;
	const [target, to] = first?.startsWith("@") === true && second === void 0 ? [void 0, first] : [first, second];
	const wrong = misnamed(environment) ?? mistargeted(target);
	if (wrong) return wrong;
	if (more.length > 0) return tooMany("This command takes three words.");
	if (to !== void 0 && given.sha !== void 0) return tooMany("Give one commit.");
	const named = commitOf$1(given.sha === void 0 ? to : `@${given.sha.replace(/^@/, "")}`);
	if ("code" in named) return named;
	const said = withReason({
		name,
		environment,
		target: target ?? null,
		...named
	}, [], given);
	if ("code" in said || target === void 0) return said;
	return {
		...said,
		params: {
			...said.params,
			target
		}
	};
}
/** One word may be the name of a target, or of a branch, a tag or a deployment. */
function mistargeted(word) {
	if (word === void 0 || !("code" in commitOf$1(word))) return null;
	return {
		code: "invalid_ref",
		message: "That is the name of neither a target nor a commit."
	};
}
function readPromote(name, words, given) {
	const [from, environment, ...more] = words;
	if (from === void 0 || environment === void 0) return {
		code: "missing_environment",
		message: "From which environment to which one?"
	};
	if (more.length > 0) return tooMany("This command takes two words.");
	const wrong = misnamed(from) ?? misnamed(environment);
	if (wrong) return wrong;
	if (from === environment) return {
		code: "invalid_environment",
		message: "The two environments are the same."
	};
	const read = withReason({
		name,
		from,
		environment,
		...noCommit
	}, [], given);
	return "code" in read ? read : {
		...read,
		params: {
			...read.params,
			from
		}
	};
}
function readApprove(name, words, given) {
	const [first, second, ...more] = words;
	if (more.length > 0) return tooMany("This command takes two words.");
	const [environment, typed] = first !== void 0 && second === void 0 && digestIn(first) !== null ? [void 0, first] : [first, second];
	const wrong = misnamed(environment ?? null);
	if (wrong) return wrong;
	const digest = typed === void 0 ? void 0 : digestIn(typed);
	if (digest === null) return {
		code: "invalid_digest",
		message: "After the environment come at least 8 hexadecimal digits of the plan."
	};
	const read = withReason({
		name,
		environment: environment ?? null,
		...noCommit
	}, [], given);
	if ("code" in read || digest === void 0) return read;
	return {
		...read,
		params: {
			...read.params,
			digest
		}
	};
}
function readReject(name, words, given) {
	const [first, ...rest] = words;
	if (first !== void 0 && /\s/u.test(first)) return withReason({
		name,
		environment: null,
		...noCommit
	}, words, given);
	return misnamed(first ?? null) ?? withReason({
		name,
		environment: first ?? null,
		...noCommit
	}, rest, given);
}
function readWithReason(name, words, given) {
	const [environment, ...rest] = words;
	if (environment === void 0) return whichOne;
	return misnamed(environment) ?? mistimed(given.for) ?? withTime(withReason({
		name,
		environment,
		...noCommit
	}, rest, given), given.for);
}
function readPause(name, words, given) {
	const [environment, ...rest] = words;
	if (environment === void 0) return whichOne;
	const isTimed = given.for === void 0 && isDuration(rest[0]);
	const time = isTimed ? rest[0] : given.for;
	const wrong = mistimed(time) ?? misnamed(environment);
	if (wrong) return wrong;
	const said = isTimed ? rest.slice(1) : rest;
	return withTime(withReason({
		name,
		environment,
		...noCommit
	}, said, given), time);
}
function mistimed(time) {
	if (time === void 0 || isDuration(time)) return null;
	return {
		code: "invalid_duration",
		message: "A time is a number and s, m, h or d, such as 2h."
	};
}
function withTime(read, time) {
	if (time === void 0 || "code" in read) return read;
	return {
		...read,
		params: {
			...read.params,
			for: time
		}
	};
}
function readPlain(name, words, given) {
	const [environment, ...more] = words;
	if (environment === void 0) return whichOne;
	if (more.length > 0) return tooMany("This command takes one word.");
	return misnamed(environment) ?? withReason({
		name,
		environment,
		...noCommit
	}, [], given);
}
/** With the reason in `params`: the words at the end of the line, or the flag's. */
function withReason(read, words, given) {
	if (words.length > 0 && given.reason !== void 0) return tooMany("Give one reason.");
	const reason = words.length > 0 ? words.join(" ") : given.reason;
	if (reason === void 0 || reason === "") return {
		...read,
		params: {}
	};
	if (reason.length > maxReason) return {
		code: "invalid_reason",
		message: `A reason has at most ${maxReason} characters.`
	};
	return {
		...read,
		params: { reason }
	};
}
function tooMany(message) {
	return {
		code: "too_many_words",
		message
	};
}
function misnamed(environment) {
	if (environment === null || /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(environment)) return null;
	return {
		code: "invalid_environment",
		message: `\`${shorten$1(environment)}\` is not the name of an environment.`
	};
}
/** The digits that a plan's digest begins with; a word of 8 or more of them is never an environment. */
function digestIn(word) {
	return /^(?:sha256:)?([0-9a-f]{8,64})$/.exec(word.toLowerCase())?.[1] ?? null;
}
function isDuration(word) {
	return word !== void 0 && /^[1-9]\d{0,5}[smhd]$/.test(word);
}
function textOf$1(value) {
	return value === true ? void 0 : value;
}
function shorten$1(word) {
	return word.length > 63 ? `${word.slice(0, 62)}…` : word;
}
var maxReason, noCommit, whichOne;
var init_read_words = __esmMin((() => {
	init_commit_of();
	init_read_flags();
	init_read_inputs();
	init_split_words();
	maxReason = 255;
	noCommit = {
		ref: null,
		sha: null
	};
	whichOne = {
		code: "missing_environment",
		message: "Which environment?"
	};
}));
// src/command/table.ts
var commandTable;
var init_table = __esmMin((() => {
	commandTable = [
		{
			name: "deploy",
			usage: "/deploy <env> [ref|@sha]",
			summary: "deploys this pull request, or a branch, tag or commit",
			flags: [
				"reason",
				"only",
				"sha",
				"force",
				"stage",
				"plan-only",
				"force-quarantined",
				"accept-gap"
			],
			takesInputs: true
		},
		{
			name: "rollback",
			usage: "/rollback <env> [to]",
			summary: "goes back to the commit before, or to one that completed there",
			flags: [
				"reason",
				"only",
				"sha",
				"accept-gap"
			],
			takesInputs: true
		},
		{
			name: "switch",
			usage: "/switch <env> [target] [to]",
			summary: "moves the traffic to what is staged, or back to what had it before",
			flags: [
				"reason",
				"sha",
				"force-quarantined",
				"accept-gap"
			]
		},
		{
			name: "promote",
			usage: "/promote <from> <to>",
			summary: "deploys to the second what runs in the first",
			flags: [
				"reason",
				"only",
				"force",
				"stage",
				"force-quarantined",
				"accept-gap"
			],
			takesInputs: true
		},
		{
			name: "plan",
			usage: "/plan <env> [ref|@sha]",
			summary: "shows what a deployment would change",
			flags: [
				"reason",
				"only",
				"sha",
				"accept-gap"
			],
			takesInputs: true
		},
		{
			name: "approve",
			usage: "/approve [env] [digest]",
			summary: "approves the plan that was shown, or the one with this digest",
			flags: ["reason"]
		},
		{
			name: "reject",
			usage: "/reject [env] [reason]",
			summary: "ends a deployment that awaits approval",
			flags: ["reason"]
		},
		{
			name: "cancel",
			usage: "/cancel <env>",
			summary: "ends a deployment; one that has begun stops where that is still safe",
			flags: ["reason"]
		},
		{
			name: "lock",
			usage: "/lock <env>|all [reason] [--for 2h] [--until-merge]",
			summary: "lets nobody else deploy there",
			flags: [
				"reason",
				"for",
				"until-merge",
				"sticky",
				"info"
			]
		},
		{
			name: "unlock",
			usage: "/unlock <env>|all [--force]",
			summary: "takes the lock back",
			flags: ["reason", "force"]
		},
		{
			name: "pause",
			usage: "/pause <env> [for] [reason]",
			summary: "stops what comes by itself, for a time such as 2h",
			flags: ["for", "reason"]
		},
		{
			name: "resume",
			usage: "/resume <env>",
			summary: "ends the pause",
			flags: ["reason"]
		},
		{
			name: "status",
			usage: "/status [env]",
			summary: "says what is deployed where",
			flags: []
		},
		{
			name: "help",
			usage: "/help",
			summary: "shows this",
			flags: []
		}
	];
}));
// src/command/parse-comment.ts
/**
* The commands of a comment, in their order, and the lines that were meant as one and are none.
* Both are empty for a comment without a line that starts with `/word`. Pure; never throws.
*/
function parseComment(text) {
	const commands = [];
	const errors = [];
	for (const line of commandLines(text)) {
		const outcome = readLine(line);
		if (outcome === null) continue;
		if (commands.length + errors.length === maxCommands) {
			const message = `More than ${maxCommands} commands in one comment are not read.`;
			return {
				commands: [],
				errors: [{
					line: line.line,
					code: "too_many_commands",
					message
				}]
			};
		}
		if ("code" in outcome) errors.push(outcome);
		else commands.push(outcome);
	}
	return {
		commands,
		errors
	};
}
/** `null` for a line that only happens to start with a slash: a path, a word far from every command. */
function readLine({ line, text }) {
	const [, word] = /^\/([A-Za-z][A-Za-z-]{0,30})(?=\s|$)/.exec(text) ?? [];
	if (word === void 0) return null;
	const row = commandTable.find(({ name }) => name === word);
	if (row) return readWords(row, text.slice(word.length + 1), line);
	const meant = nearest(word, commandTable.map(({ name }) => name));
	if (meant === void 0) return null;
	return {
		line,
		code: "unknown_command",
		message: `There is no command \`/${word}\`. Did you mean \`/${meant}\`?`,
		did_you_mean: `/${meant}`
	};
}
var maxCommands;
var init_parse_comment = __esmMin((() => {
	init_nearest();
	init_command_lines();
	init_read_words();
	init_table();
	maxCommands = 10;
}));
// src/app/events/source.ts
var Source$1, readSource;
var init_source = __esmMin((() => {
	init_zod();
	Source$1 = object({
		installation: object({ id: int() }),
		repository: object({
			id: int(),
			name: string(),
			html_url: string(),
			default_branch: string(),
			owner: object({ login: string() })
		})
	}).transform(({ installation, repository }) => ({
		installation: installation.id,
		repository: {
			id: repository.id,
			owner: repository.owner.login,
			name: repository.name,
			defaultBranch: repository.default_branch,
			url: repository.html_url
		}
	}));
	readSource = (payload) => Source$1.parse(payload);
}));
// src/app/answer.ts
var Answer$1;
var init_answer = __esmMin((() => {
	init_errors$3();
	Answer$1 = class {
		#writer;
		#issue;
		#place;
		#comment = null;
		/** Without a place a command that is tried again is answered again. */
		constructor(writer, issue, place = null) {
			this.#writer = writer;
			this.#issue = issue;
			this.#place = place;
		}
		/** Begins to write the comment and does not wait for it. One of an earlier try stays as it is. */
		begin(body) {
			this.#comment ??= this.#open(body);
			this.#comment.catch(() => {});
		}
		/** The comment's id. Call `begin` before. */
		async id() {
			if (!this.#comment) throw new Error("the answer was not begun");
			return (await this.#comment).id;
		}
		async write(body) {
			const isFirst = !this.#comment;
			this.begin(body);
			const { id, isAdopted } = await this.#comment;
			if (isFirst && !isAdopted) return;
			try {
				await this.#writer.edit(id, body);
			} catch (error) {
				if (!(error instanceof SallyportError && error.code === "github_not_found") || !isAdopted) throw error;
				this.#comment = this.#say(body);
				await this.#comment;
			}
		}
		async #open(body) {
			const known = await this.#place?.memory.recall(this.#place.key);
			return known ? {
				id: Number(known),
				isAdopted: true
			} : await this.#say(body);
		}
		async #say(body) {
			const id = await this.#writer.say(this.#issue, body);
			await this.#place?.memory.keep(this.#place.key, String(id));
			return {
				id,
				isAdopted: false
			};
		}
	};
}));
// src/model/digest.ts
/** The SHA-256 digest of a text (as UTF-8) or of bytes. */
function digestOf(content) {
	return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
/**
* JSON with the keys of every object sorted and nothing optional in it, so that
* equal values have equal bytes. Keys whose value is `undefined` are left out.
*/
function canonicalJson(value) {
	return JSON.stringify(value, (_key, inner) => isPlainObject(inner) ? Object.fromEntries(Object.entries(inner).toSorted(byKey)) : inner);
}
function isPlainObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
function byKey([a], [b]) {
	return a < b ? -1 : a > b ? 1 : 0;
}
var init_digest = __esmMin((() => {}));
// src/model/unit.ts
/** `web@web-1`, or `dns@-` for a unit on no host: unique within a deployment. */
function unitKey(unit) {
	return `${unit.target}@${unit.host ?? "-"}`;
}
var unitStates;
var init_unit = __esmMin((() => {
	unitStates = [
		"waiting",
		"planning",
		"planned",
		"approved",
		"backing-up",
		"applying",
		"verifying",
		"done",
		"rolling-back",
		"rolled-back",
		"failed"
	];
}));
// src/model/reason.ts
function isReason(text) {
	return Object.hasOwn(reasons, text);
}
var reasons;
var init_reason = __esmMin((() => {
	reasons = {
		none: 0,
		queued: 1,
		not_my_turn: 2,
		ledger_gap: 3,
		awaiting_approval: 4,
		window_closed: 5,
		frozen: 6,
		locked: 7,
		paused: 8,
		held: 9,
		untrusted_key: 10,
		expired: 11,
		not_reachable: 12,
		not_allowed_here: 13,
		config_invalid: 14,
		target_missing: 15,
		kind_not_permitted: 16,
		quarantined: 17,
		gate_closed: 18,
		/** The plan is not the one that was approved. */
		plan_changed: 19,
		breaking_change: 20,
		/** GitHub's wait timer. */
		wait_timer: 21,
		/** A pull request keeps the environment. */
		pull_hold: 24,
		/** Between two batches of hosts. */
		rollout_pause: 25,
		/** A host of the rollout has not been heard of. */
		host_unknown: 26,
		fetch_failed: 30,
		layout_failed: 31,
		build_failed: 32,
		test_failed: 33,
		start_failed: 34,
		unhealthy: 35,
		wrong_version: 36,
		smoke_failed: 37,
		secret_missing: 38,
		disk_full: 39,
		port_taken: 40,
		plan_failed: 41,
		backup_failed: 42,
		path_not_allowed: 43,
		unsafe_path: 44,
		too_large: 45,
		not_writable: 46,
		switch_failed: 50,
		verify_failed: 51,
		rollback_failed: 52,
		no_backup: 53,
		apply_failed: 54,
		reload_failed: 55,
		timed_out: 56,
		hook_failed: 57,
		/** In the watch period after the switch, or as a canary. */
		watch_failed: 58,
		/** The proxy refused what was asked of it. */
		proxy_refused: 59,
		rejected: 60,
		cancelled: 61,
		superseded: 62,
		nothing_to_change: 63,
		later_unit_failed: 64,
		lease_lost: 65,
		interrupted: 66,
		/** A host that was down when it was its turn. */
		host_skipped: 67,
		drifted: 70,
		healed: 71,
		operator: 72,
		/** Healthy in the idle slot; a person moves the traffic. */
		staged: 73,
		/** Traffic went back to the warm slot, since the live one died. */
		fell_back: 74,
		internal: 90
	};
}));
// src/model/record.ts
var actStates, leaseStates, hostStates;
var init_record = __esmMin((() => {
	actStates = [
		"bound",
		"approved",
		"rejected",
		"cancelled",
		"superseded",
		"skipped"
	];
	leaseStates = [
		"claimed",
		"renewed",
		"released"
	];
	hostStates = [
		"drifted",
		"healed",
		"held",
		"released"
	];
}));
// src/deploy/record-codec.ts
/** A signed record in base64url: 124 bytes, 166 characters. */
function signRecord(record, key) {
	const body = Buffer.alloc(bodyLength);
	body.writeUInt8(1, 0);
	body.writeUInt8(kinds$2.indexOf(record.kind), 1);
	body.writeUInt8(statesOf[record.kind].indexOf(record.state), 2);
	body.writeUInt8(reasons[record.reason], 3);
	writeDigest(body, record.job, 4);
	writeDigest(body, "plan" in record ? record.plan : null, 20);
	body.writeUIntBE(record.at, 36, 6);
	body.writeUIntBE(subjectOf(record), 42, 6);
	body.writeUInt8("target" in record ? record.target ?? nowhere : nowhere, 48);
	body.writeUInt8("host" in record ? record.host ?? nowhere : nowhere, 49);
	body.writeUInt16BE("attempt" in record ? record.attempt : 0, 50);
	body.write(key.public.id, 52, "hex");
	const signature = sign(null, Buffer.concat([context, body]), key.private);
	return Buffer.concat([body, signature]).toString("base64url");
}
/** Reads a token without judging its signature; `null` where it is not a record of this schema. */
function decodeRecord(token) {
	const bytes = Buffer.from(token, "base64url");
	if (bytes.length !== 124 || bytes.readUInt8(0) !== 1) return null;
	if (bytes.toString("base64url") !== token) return null;
	const record = readBody(bytes);
	return record && {
		id: recordId(bytes),
		key: bytes.toString("hex", 52, 60),
		record
	};
}
/** Whether the key signed the token. */
function verifyRecord(token, key) {
	const bytes = Buffer.from(token, "base64url");
	const body = bytes.subarray(0, bodyLength);
	return verify(null, Buffer.concat([context, body]), key.object, bytes.subarray(bodyLength));
}
/** The beginning of a digest that a record carries; compare a job's digest through this. */
function shortDigest(digest) {
	return digest.slice(0, 39);
}
function readBody(bytes) {
	const kind = kinds$2[bytes.readUInt8(1)];
	const reason = reasonOf$1.get(bytes.readUInt8(3));
	const stateCode = bytes.readUInt8(2);
	if (!kind || !reason) return null;
	const base = {
		job: readDigest(bytes, 4),
		reason,
		at: bytes.readUIntBE(36, 6)
	};
	const plan = readDigest(bytes, 20);
	const [target, host] = [bytes.readUInt8(48), bytes.readUInt8(49)];
	const attempt = bytes.readUInt16BE(50);
	if (kind === "act") {
		const state = actStates[stateCode];
		return state ? {
			...base,
			kind,
			state,
			subject: bytes.readUIntBE(42, 6),
			plan
		} : null;
	}
	if (kind === "lease") {
		const state = leaseStates[stateCode];
		return state ? {
			...base,
			kind,
			state,
			target,
			attempt
		} : null;
	}
	if (kind === "host") {
		const state = hostStates[stateCode];
		const number = bytes.readUIntBE(42, 6);
		const about = target === nowhere ? {} : { target };
		return state ? {
			...base,
			kind,
			state,
			host,
			number,
			plan,
			...about
		} : null;
	}
	const state = unitStates[stateCode];
	return state ? {
		...base,
		kind,
		state,
		target,
		host: host === nowhere ? null : host,
		attempt,
		plan
	} : null;
}
function subjectOf(record) {
	if (record.kind === "act") return record.subject;
	return record.kind === "host" ? record.number : 0;
}
/** Over everything but the time, so that a restarted agent that says a thing again says the same record. */
function recordId(bytes) {
	const said = Buffer.concat([bytes.subarray(0, 36), bytes.subarray(42, bodyLength)]);
	return createHash("sha256").update(said).digest("hex").slice(0, 16);
}
function writeDigest(body, digest, at) {
	if (digest) body.write(digest.slice(7, 39), at, "hex");
}
function readDigest(bytes, at) {
	const part = bytes.subarray(at, at + 16);
	return part.every((byte) => byte === 0) ? null : `sha256:${part.toString("hex")}`;
}
var context, bodyLength, nowhere, kinds$2, statesOf, reasonOf$1;
var init_record_codec = __esmMin((() => {
	init_reason();
	init_record();
	init_unit();
	context = Buffer.from("sallyport-record-1\n");
	bodyLength = 60;
	nowhere = 255;
	kinds$2 = [
		"act",
		"unit",
		"lease",
		"host"
	];
	statesOf = {
		act: actStates,
		unit: unitStates,
		lease: leaseStates,
		host: hostStates
	};
	reasonOf$1 = new Map(Object.entries(reasons).map(([name, code]) => [code, name]));
}));
// src/deploy/reduce-units.ts
/**
* The state of a deployment as its units make it. A deployment of nothing is `skipped`. Where it
* `isStopping`, units that have not begun never do. `late` are units of hosts that were left out:
* nobody waits for them, but what they did goes back with the others.
*/
function reduceUnits(units, onFailure = "rollback", isStopping = false, late = []) {
	if (units.length === 0) return nothing;
	const troubled = units.filter(({ state }) => isTrouble$1(state));
	if (troubled.length > 0) return reduceTrouble([...units, ...late], troubled, onFailure);
	if (units.every(({ state }) => state === "done")) return {
		state: "completed",
		reason: units.some(({ reason }) => reason === "staged") ? "staged" : units.at(-1).reason,
		over: true
	};
	if (isStopping) return reduceStopping([...units, ...late], onFailure);
	const asking = units.find(isAsking);
	if (asking && !units.some(isChanging)) return {
		state: "awaiting-approval",
		reason: asking.reason,
		over: false
	};
	const reason = units.find((unit) => unit.state !== "done").reason;
	return {
		state: farthest(units),
		reason,
		over: false
	};
}
function farthest(units) {
	return progress.find(([, states]) => units.some(({ state }) => states.includes(state)))[0];
}
/** The state of a job that only plans: it has come to its end when every unit has a plan or none. */
function reducePlans(units) {
	if (units.length === 0) return nothing;
	const open = units.find(({ state }) => state === "waiting" || state === "planning");
	if (open) return {
		state: units.every((unit) => unit.state === "waiting") ? "pending" : "planning",
		reason: open.reason,
		over: false
	};
	const failed = units.find(({ state }) => state === "failed");
	return failed ? {
		state: "failed",
		reason: failed.reason,
		over: true
	} : {
		state: "completed",
		reason: "none",
		over: true
	};
}
function reduceTrouble(units, troubled, onFailure) {
	const failed = troubled.find(({ state }) => state === "failed");
	const cause = troubled.find((unit) => unit.reason !== "later_unit_failed");
	const { reason } = failed ?? cause ?? troubled[0];
	const isMoving = units.some(isChanging);
	const isOwed = onFailure === "rollback" && units.some(mayGoBack);
	if (isMoving || isOwed) return {
		state: "rolling-back",
		reason,
		over: false
	};
	if (troubled.every(isStoppedClean) && !units.some(mayGoBack)) return {
		state: "cancelled",
		reason,
		over: true
	};
	return {
		state: failed ? "failed" : "rolled-back",
		reason,
		over: true
	};
}
/** Cancelled after it had begun, and nothing has gone back yet. */
function reduceStopping(units, onFailure) {
	const reason = "cancelled";
	if (units.some(isChanging)) return {
		state: farthest(units),
		reason,
		over: false
	};
	if (!units.some(mayGoBack)) return {
		state: "cancelled",
		reason,
		over: true
	};
	return onFailure === "rollback" ? {
		state: "rolling-back",
		reason,
		over: false
	} : {
		state: "failed",
		reason,
		over: true
	};
}
/** Stopped by a person before it had changed anything. */
function isStoppedClean({ state, reason }) {
	return state === "failed" && reason === "cancelled";
}
/** It failed, or went back, or is about to. */
function isTrouble$1(state) {
	return state === "rolling-back" || state === "rolled-back" || state === "failed";
}
/** Its plan is known, and it waits for people's word on it. */
function isAsking({ state, reason }) {
	return state === "planned" && (reason === "awaiting_approval" || reason === "breaking_change");
}
/** Its target is being changed, or was when its host stopped: whoever works on it goes on first. */
function isChanging({ state }) {
	return [
		"backing-up",
		"applying",
		"verifying",
		"rolling-back"
	].includes(state);
}
/** It is done, and something was changed for it. */
function mayGoBack({ state, reason }) {
	return state === "done" && reason !== "nothing_to_change";
}
/** Nothing more happens to it by itself. */
function isSettled({ state }) {
	return state === "done" || state === "rolled-back" || state === "failed";
}
var progress, nothing;
var init_reduce_units = __esmMin((() => {
	progress = [
		["post-validating", ["verifying"]],
		["applying", ["applying", "done"]],
		["backing-up", ["backing-up"]],
		["planning", [
			"planning",
			"planned",
			"approved"
		]],
		["pending", ["waiting"]]
	];
	nothing = {
		state: "skipped",
		reason: "nothing_to_change",
		over: true
	};
}));
// src/deploy/approvals.ts
/**
* The digest of all plans of a deployment together, which people approve: the same before and after
* a unit is done. `null` until every unit that has not ended has a plan; those of hosts that were
* left out have none.
*/
function planDigestOf(units) {
	const counted = units.filter(({ reason }) => reason !== "host_skipped");
	const planned = counted.filter(({ plan }) => plan !== null);
	if (!counted.every((unit) => unit.plan !== null || isSettled(unit)) || planned.length === 0) return null;
	return shortDigest(digestOf(planned.map((unit) => `${unitKey(unit)} ${shortDigest(unit.plan)}`).toSorted().join("\n")));
}
function approvalsOf({ units, acts }) {
	const digest = planDigestOf(units);
	const approved = acts.filter(({ state }) => state === "approved");
	const valid = /* @__PURE__ */ new Map();
	for (const { person, plan, at } of approved) if (digest !== null && plan !== null && shortDigest(plan) === digest && !valid.has(person)) valid.set(person, {
		person,
		at
	});
	const others = new Set(approved.map(({ person }) => person).filter((who) => !valid.has(who)));
	return {
		digest,
		approvals: [...valid.values()],
		voidCount: others.size
	};
}
var init_approvals$1 = __esmMin((() => {
	init_digest();
	init_unit();
	init_record_codec();
	init_reduce_units();
}));
// src/model/job.ts
/** Whether a job of this operation makes targets match its commit. */
function changesTargets(operation) {
	return operation === "deploy" || operation === "rollback" || operation === "switch";
}
/** Whether a job of this operation is over as soon as it stands: nobody has to do anything. */
function isStateOperation(operation) {
	return !changesTargets(operation) && operation !== "plan";
}
/** Whether it goes back to what completed in its environment before; a switch to what was staged does not. */
function goesBack({ operation, flags }) {
	return operation === "rollback" || operation === "switch" && flags["from"] === void 0;
}
/** Whether it is for all targets of its environment. One for a single target says nothing of the others. */
function isWhole$1({ flags }) {
	return flags["only"] === void 0;
}
var operations$1, Sha, Name$1, DigestText$1, Instant$1, JobTarget, RosterHost, GateAnswer, Rollout$1, Job$1;
var init_job = __esmMin((() => {
	init_zod();
	operations$1 = [
		"deploy",
		"rollback",
		"switch",
		"plan",
		"lock",
		"unlock",
		"pause",
		"resume",
		"release-quarantine"
	];
	Sha = string().regex(/^[0-9a-f]{40}$/);
	Name$1 = string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/);
	DigestText$1 = templateLiteral(["sha256:", string().regex(/^[0-9a-f]{64}$/)]);
	Instant$1 = datetime();
	JobTarget = strictObject({
		name: Name$1,
		kind: string().max(32),
		wave: int().min(-1e3).max(1e3),
		/** The hosts that run it, in the order of the roster; empty where the target lives on no host. */
		hosts: array(Name$1).max(250)
	});
	RosterHost = strictObject({
		name: Name$1,
		key: string().regex(/^ed25519:[\w-]{43}$/)
	});
	GateAnswer = strictObject({
		name: string().max(40),
		open: boolean(),
		reason: string().max(200)
	});
	Rollout$1 = strictObject({
		/** Hosts that go first, alone. */
		canary: int().min(0).max(250),
		/** Hosts that go at once after that. */
		batch: int().min(1).max(250),
		/** Between the canary and the first batch, and between two batches. */
		pause: int().min(0),
		/** Hosts that may be without the service at once: those at work and those that are down. */
		max_unavailable: int().min(1).max(250),
		/** What happens where a host is down at its turn. */
		down: _enum([
			"refuse",
			"skip",
			"wait"
		])
	});
	Job$1 = strictObject({
		schema: literal$1(1),
		operation: _enum(operations$1),
		/** Derived from the cause (`jobIdOf`), never random: a cause acted on twice is one job. */
		id: DigestText$1,
		/** Repository id, and comment id + line, or event + ref + SHA. */
		cause: string().max(400),
		/** GitHub's numeric repository id; 0 where there is no GitHub. */
		repository: int().min(0),
		environment: Name$1,
		sha: Sha,
		/** The branch, tag or pull request that people named; for display only. */
		ref: string().max(255),
		/** The commit of the default branch whose policy was read. */
		policy: Sha,
		targets: array(JobTarget).max(64),
		/**
		* All hosts that take part, in order; records name hosts by their place here. Where a target
		* lives on no host, they are the agents that may claim it.
		*/
		roster: array(RosterHost).max(250),
		/** What happens to the units that are done when a later one fails. */
		on_failure: _enum(["rollback", "stop"]),
		/** Absent: one host after the other. */
		rollout: Rollout$1.optional(),
		flags: record(string().max(40), union([boolean(), string().max(255)])),
		params: record(string().max(64), string().max(1024)),
		actor: strictObject({
			id: int().min(0),
			login: string().max(100)
		}),
		/** Logins of the pull request's author, everyone who pushed to it, and whoever typed the command. */
		authors: array(string().max(100)).max(100),
		gates: array(GateAnswer).max(40),
		/** Where people follow it: the issue or pull request, and the comment that the App keeps editing. */
		reply: strictObject({
			issue: int(),
			comment: int()
		}).nullable(),
		/** Digest of the environment's previous job; `null` for its first. */
		prev: DigestText$1.nullable(),
		issued: Instant$1,
		/** Limits the start, not the waiting for people. */
		start_by: Instant$1
	});
}));
// src/deploy/fold-lease.ts
/** The lease after one more record. */
function stepLease(lease, target, entry) {
	const { record, signer, at } = entry;
	if (record.kind !== "lease" || record.target !== target || signer.kind !== "host") return lease;
	const isHolder = lease.holder === signer.host;
	if (record.state === "released") return isHolder ? {
		...lease,
		holder: null
	} : lease;
	if (isHolder) return {
		...lease,
		at: Math.max(lease.at, at)
	};
	if (record.state === "renewed" || !isFree(lease, at)) return lease;
	return {
		holder: signer.host,
		at,
		predecessors: lease.predecessors + (lease.at > 0 ? 1 : 0)
	};
}
/** Whether a claim written at this moment (the ledger's clock) takes the lease. */
function isFree(lease, at) {
	return lease.holder === null || at > lease.at + 6e4 + 6e4;
}
var unclaimed, freshLease;
var init_fold_lease = __esmMin((() => {
	unclaimed = {
		holder: null,
		at: 0,
		predecessors: 0
	};
	freshLease = unclaimed;
}));
// src/deploy/transitions.ts
/**
* The shortest way from `from` to `to`, without the first state and with the last one;
* `null` where there is none. Hosts write few records, so a log says where a unit came to, not
* every state on its way.
*/
function pathBetween(table, from, to) {
	let trails = table[from].map((state) => [state]);
	const seen = new Set(table[from]);
	while (trails.length > 0) {
		const found = trails.find((trail) => trail.at(-1) === to);
		if (found) return found;
		trails = trails.flatMap((trail) => table[trail.at(-1)].filter((next) => !seen.has(next) && seen.add(next)).map((next) => [...trail, next]));
	}
	return null;
}
var unitTransitions;
var init_transitions = __esmMin((() => {
	unitTransitions = {
		waiting: ["planning", "failed"],
		planning: [
			"planned",
			"waiting",
			"failed"
		],
		planned: [
			"approved",
			"backing-up",
			"planning",
			"waiting",
			"done",
			"failed"
		],
		approved: [
			"backing-up",
			"planning",
			"waiting",
			"failed"
		],
		"backing-up": ["applying", "failed"],
		applying: [
			"verifying",
			"rolling-back",
			"failed"
		],
		verifying: [
			"done",
			"rolling-back",
			"failed"
		],
		done: ["rolling-back"],
		"rolling-back": ["rolled-back", "failed"],
		"rolled-back": [],
		failed: []
	};
}));
// src/deploy/fold-deployment.ts
/**
* A deployment after the given records (of any deployment; others are passed over). A record
* that no transition leads to is passed over too, so that every reader comes to the same state.
*/
function foldDeployment(job, records) {
	return records.filter((entry) => entry.deployment === job.deployment).reduce(stepDeployment, freshDeployment(job));
}
/** A deployment after one more record of it. */
function stepDeployment(view, entry) {
	const { record } = entry;
	if (record.kind === "act") return stepAct(view, record, entry);
	if (record.kind === "host" || isFinal(view)) return view;
	const units = view.units.map((unit) => unit.targetIndex === record.target ? stepUnit(unit, entry, view.job) : unit);
	const reduced = reduce(view, units, view.bound);
	return {
		...view,
		units,
		...reduced,
		endedAt: reduced.over ? view.endedAt ?? entry.at : null
	};
}
/** Whether a unit's target was changed, or may have been: from backing up on. */
function hasBegun(unit) {
	const { path } = unit;
	return path.includes("backing-up") || path.includes("rolling-back") || mayGoBack(unit);
}
/** Whether people may still end it: nothing of it has begun to be changed. */
function mayBeStopped({ over, units }) {
	return !over && !units.some(hasBegun);
}
function freshDeployment({ deployment, job, digest, at }) {
	const units = unitsOf$1(job, at);
	return {
		deployment,
		job,
		digest,
		at,
		...reduce({
			job,
			stopping: null,
			skipped: []
		}, units, false),
		bound: false,
		acts: [],
		stopping: null,
		skipped: [],
		units,
		endedAt: null
	};
}
function unitsOf$1(job, at) {
	if (isStateOperation(job.operation)) return [];
	return job.targets.flatMap(({ name, wave, hosts }, targetIndex) => (hosts.length > 0 ? hosts : [null]).map((host) => ({
		target: name,
		host,
		wave,
		targetIndex,
		state: "waiting",
		reason: "queued",
		attempt: 1,
		plan: null,
		at,
		path: ["waiting"],
		lease: freshLease
	})));
}
function reduce({ job, stopping, skipped }, units, bound) {
	if (job.operation === "plan") return reducePlans(units);
	if (changesTargets(job.operation)) {
		const { counted = [], late } = Object.groupBy(units, ({ host }) => host !== null && skipped.includes(host) ? "late" : "counted");
		return reduceUnits(counted, job.on_failure, stopping !== null, late);
	}
	return bound ? {
		state: "completed",
		reason: "none",
		over: true
	} : {
		state: "pending",
		reason: "queued",
		over: false
	};
}
function stepAct(view, record, { at, words = "" }) {
	const { state, reason, subject: person, plan } = record;
	if (state === "bound") {
		if (view.over) return {
			...view,
			bound: true
		};
		const reduced = reduce(view, view.units, true);
		return {
			...view,
			bound: true,
			...reduced,
			endedAt: reduced.over ? at : null
		};
	}
	if (reason === "host_skipped") return leaveOut(view, person, at);
	const act = {
		state,
		person,
		plan,
		at,
		words
	};
	const acts = [...view.acts, act];
	if (state === "approved") return view.over ? view : {
		...view,
		acts
	};
	if (mayBeStopped(view)) return {
		...view,
		acts,
		state,
		reason,
		over: true,
		endedAt: at
	};
	return view.over || view.stopping !== null || state !== "cancelled" ? view : stopUnderWay({
		...view,
		acts,
		stopping: act
	}, at);
}
/**
* The App says that a host is down, by its place in the roster. It counts where the job allows it,
* the host is not at work, another one is left, and one may still be at work beside those that are down.
*/
function leaveOut(view, place, at) {
	const { job, over, stopping } = view;
	const { name } = job.roster[place] ?? {};
	if (name === void 0 || view.skipped.includes(name) || over || stopping !== null) return view;
	const skipped = [...view.skipped, name];
	const room = Math.min(job.rollout?.max_unavailable ?? 1, job.roster.length);
	const isAtWork = view.units.some((unit) => unit.host === name && isChanging(unit));
	if (job.rollout?.down !== "skip" || isAtWork || skipped.length >= room) return view;
	const units = view.units.map((unit) => unit.host === name && !isSettled(unit) ? {
		...unit,
		reason: "host_skipped",
		at
	} : unit);
	const reduced = reduce({
		...view,
		skipped
	}, units, view.bound);
	return {
		...view,
		skipped,
		units,
		...reduced,
		endedAt: reduced.over ? at : null
	};
}
/** What has begun comes to its end, or goes back; what has not does not begin any more. */
function stopUnderWay(view, at) {
	const reduced = reduce(view, view.units, view.bound);
	return {
		...view,
		...reduced,
		endedAt: reduced.over ? at : null
	};
}
/** Only a completed deployment may still go back. */
function isFinal({ over, state, job }) {
	return over && (state !== "completed" || !changesTargets(job.operation));
}
function stepUnit(unit, entry, job) {
	const { record } = entry;
	if (record.kind === "lease") return unit.host === null ? {
		...unit,
		lease: stepLease(unit.lease, unit.targetIndex, entry)
	} : unit;
	if (record.kind !== "unit" || !speaksOf(record, entry, unit, job)) return unit;
	const path = pathBetween(unitTransitions, unit.state, record.state);
	if (!path || record.attempt < unit.attempt) return unit;
	if (job.operation === "plan" && path.some((state) => isChanging({ state }))) return unit;
	const { state, reason, attempt } = record;
	const plan = record.plan ?? unit.plan;
	return {
		...unit,
		state,
		reason,
		attempt,
		plan,
		at: entry.at,
		path: [...unit.path, ...path]
	};
}
/** A unit on no host is spoken of by whoever holds its lease, and by nobody else. */
function speaksOf(record, entry, unit, job) {
	if (unit.host !== null) return record.host !== null && job.roster[record.host]?.name === unit.host;
	return record.host === null && entry.signer.kind === "host" && entry.signer.host === unit.lease.holder;
}
var init_fold_deployment = __esmMin((() => {
	init_job();
	init_fold_lease();
	init_reduce_units();
	init_transitions();
}));
// src/deploy/completed.ts
/** Whether it is done, and waits in idle slots, with one target at least, for a person who moves the traffic. */
function isStaged({ job, state, reason }) {
	return state === "completed" && reason === "staged" && changesTargets(job.operation);
}
/** Whether all that it did waits in idle slots: what is in force is what was there before. */
function isOnlyStaged(view) {
	return isStaged(view) && view.units.every(({ reason }) => waiting$1.has(reason));
}
/** Whether it was changed with success, be it one target alone. Plans and locks complete too, but bring nothing there. */
function hasChanged(view) {
	return view.state === "completed" && changesTargets(view.job.operation) && !isOnlyStaged(view);
}
/** Whether it brought its commit there; one target alone brings not the whole of it, nor does what is staged. */
function isGood(view) {
	return hasChanged(view) && isWhole$1(view.job) && !isStaged(view);
}
/** A person went back to what had completed there: with a rollback, or to the slot that had the traffic before. */
function isWayBack({ job }) {
	return goesBack(job) && job.flags["auto"] !== true;
}
var waiting$1;
var init_completed = __esmMin((() => {
	init_job();
	waiting$1 = /* @__PURE__ */ new Set(["staged", "nothing_to_change"]);
}));
// src/app/find-waiting.ts
/**
* The one deployment that awaits approval and is meant. Where several do, those of this pull
* request come first; where that says nothing, people have to say which. Rejects where there is none.
*/
function findWaiting(wanted, environments) {
	const { environment, issue, deployment } = wanted;
	const waiting = [...environments.values()].filter(({ name }) => environment === null || name === environment).flatMap(({ deployments }) => deployments).filter(({ state, job }) => state === "awaiting-approval" && changesTargets(job.operation));
	const own = waiting.filter(({ job }) => job.reply?.issue === issue);
	const ownFirst = environment === null || own.length > 0 ? own : waiting;
	const named = deployment === void 0 ? ownFirst : waiting.filter((view) => view.deployment === deployment);
	const [one, ...others] = named.length > 1 ? named.filter((view) => fits(view, wanted)) : named;
	if (one && others.length === 0) return one;
	throw one ? severalWait([one, ...others], wanted) : nothingWaits(waiting, wanted);
}
function fits({ units }, { digest }) {
	return digest === null || digitsOf(planDigestOf(units)).startsWith(digest);
}
/** The digits of a digest; none where there is none. */
function digitsOf(digest) {
	return digest?.replace(/^sha256:/, "") ?? "";
}
function nothingWaits(elsewhere, { environment, command }) {
	const [other] = elsewhere;
	const where = environment === null ? "from this pull request or issue" : `on ${environment}`;
	return new SallyportError({
		code: "nothing_awaits_approval",
		message: `No deployment ${where} awaits approval`,
		hint: other ? `/${command} ${other.job.environment}` : `/status${environment ? ` ${environment}` : ""}`,
		exit: exitCodes.notFound
	});
}
function severalWait(views, { command }) {
	const which = views.map(({ deployment, job }) => `${deployment} on ${job.environment}`);
	const [{ job, units }] = views;
	const digits = digitsOf(planDigestOf(units)).slice(0, 8);
	return new SallyportError({
		code: "several_await_approval",
		message: `Several deployments await approval: ${which.join(", ")}`,
		hint: command === "approve" ? `Say which, for example: /approve ${job.environment} ${digits}` : `Say which, for example: /${command} ${job.environment}`
	});
}
var init_find_waiting = __esmMin((() => {
	init_approvals$1();
	init_errors$3();
	init_job();
}));
// src/app/check-actions.ts
/** What may be pressed under the check run of a deployment as it stands now; at most three. */
function checkActions({ view, environment }) {
	const { name, lastGood, previousGood, deployments, staged } = environment;
	if (!changesTargets(view.job.operation)) return [];
	if (view.state === "awaiting-approval") {
		const digits = digitsOf(planDigestOf(view.units));
		return [...digits === "" ? [] : [approve$1(digits)], reject$1];
	}
	if (mayBeStopped(view)) return [cancel$1];
	if (staged.some((one) => one.view.deployment === view.deployment)) return [switchTo(name)];
	const isLive = lastGood?.deployment === view.deployment && previousGood !== null;
	const newest = deployments.findLast((one) => changesTargets(one.job.operation) && !isOnlyStaged(one));
	const isPart = view.state === "completed" && !isGood(view);
	const isBetween = (view.state === "failed" || isPart) && newest === view && lastGood !== null;
	return isLive || isBetween ? [rollBack(name)] : [];
}
/** What a button's identifier asks for, and the digits of the plan that stood beside it. */
function readIdentifier(identifier) {
	const [verb = "", digits = ""] = identifier.split(":", 2);
	return {
		verb,
		digits
	};
}
/** The identifier names the plan that was shown, so that no other one is approved by it. */
function approve$1(digits) {
	const identifier = `approve:${digits}`.slice(0, maxIdentifier);
	return {
		label: "Approve",
		description: `Approve plan ${digits.slice(0, 8)}`,
		identifier
	};
}
function rollBack(environment) {
	return {
		label: "Roll back",
		description: `Go back on ${environment}`.slice(0, 40),
		identifier: "rollback"
	};
}
function switchTo(environment) {
	return {
		label: "Switch",
		description: `Move the traffic of ${environment}`.slice(0, 40),
		identifier: "switch"
	};
}
var maxIdentifier, reject$1, cancel$1;
var init_check_actions = __esmMin((() => {
	init_approvals$1();
	init_fold_deployment();
	init_completed();
	init_job();
	init_find_waiting();
	maxIdentifier = 20;
	reject$1 = {
		label: "Reject",
		description: "End it; nothing is changed",
		identifier: "reject"
	};
	cancel$1 = {
		label: "Cancel",
		description: "End it before anything is changed",
		identifier: "cancel"
	};
}));
// src/app/find-deployment.ts
/** `null` where the deployment is not ours, or lost its place. */
function findDeployment(deployment, { environments }) {
	for (const environment of environments.values()) {
		const view = environment.deployments.find((one) => one.deployment === deployment);
		if (view) return {
			view,
			environment
		};
	}
	return null;
}
var init_find_deployment = __esmMin((() => {}));
// src/report/escape.ts
/**
* Text that other people wrote, as inline code: nothing in it mentions anybody, links to
* anything or becomes HTML, and it cannot end its own span. Fits into a table's cell.
*/
function codeSpan(text) {
	const flat = withoutTricks(text).replace(/\s+/gu, " ").trim() || " ";
	const fence = "`".repeat(longestRun(flat) + 1);
	const padding = flat.startsWith("`") || flat.endsWith("`") ? " " : "";
	return `${fence}${padding}${flat.replaceAll("|", "\\|")}${padding}${fence}`;
}
/** Lines of output as a block of code that they cannot close. */
function codeBlock(lines, language = "text") {
	const text = withoutTricks(lines.join("\n"));
	const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
	return `${fence}${language}\n${text}\n${fence}`;
}
/** A sentence of our own that may quote facts from outside: no mention, no HTML, no markup. */
function plainText(text) {
	return withoutTricks(text).replace(/[\\`*_[\]<>|~#&]/gu, (sign) => `&#${sign.codePointAt(0)};`).replaceAll("@", "&#64;<!-- -->").replace(/\s+/gu, " ");
}
/**
* A sentence of ours with `code` in it. Whatever a fact in it holds, every part is escaped,
* as code or as text.
*/
function prose(text) {
	return text.split("`").map((part, index) => index % 2 === 0 || part === "" ? plainText(part) : codeSpan(part)).join("");
}
/** Cut to what GitHub takes; says so at its end. */
function fitComment(body) {
	if (body.length <= 65536) return body;
	const end = "\n\n… cut: too long for a comment.";
	const kept = body.slice(0, 65504);
	if (openFence(kept) === null) return kept + end;
	return closed(kept.slice(0, -longestFence)) + end;
}
/** Cut to so many bytes; says so at its end, and ends no block of code in the middle. */
function fitText(body, most) {
	if (Buffer.byteLength(body) <= most) return body;
	const end = "\n\n… cut: too long for GitHub.";
	return closed(Buffer.from(body).subarray(0, most - Buffer.byteLength(end) - longestFence).toString("utf8").replace(/\uFFFD+$/u, "")) + end;
}
/** The text with its last block of code closed, so that what follows is none. */
function closed(text) {
	const open = openFence(text);
	return open === null || open.length >= longestFence ? text : `${text}\n${open}`;
}
/** The fence of a block of code that is not closed yet; `null` where none is open. */
function openFence(text) {
	let open = null;
	for (const [, fence = ""] of text.matchAll(/^(`{3,})/gmu)) if (open === null) open = fence;
	else if (fence.length >= open.length) open = null;
	return open;
}
/** Drops control characters and the signs that turn the direction of text, which hide what is there. */
function withoutTricks(text) {
	return text.replace(/[^\P{C}\n\t]/gu, "");
}
function longestRun(text) {
	return Math.max(0, ...(text.match(/`+/gu) ?? []).map((run) => run.length));
}
var maxComment$1, longestFence;
var init_escape = __esmMin((() => {
	maxComment$1 = 65536;
	longestFence = 200;
}));
// src/report/words.ts
/** `switch production web`: the target is named where a single one is staged. */
function switchWords(environment, targets) {
	const [target, ...others] = targets;
	return others.length === 0 && target !== void 0 ? `switch ${environment} ${target}` : `switch ${environment}`;
}
/** What people may type next, given where a deployment stands. */
function nextWords({ state, job }, { plan = null, staged = [] } = {}) {
	const { environment, operation } = job;
	const status = `/status ${environment}`;
	if (operation === "lock") return [`/unlock ${environment}`, status];
	if (operation === "pause") return [`/resume ${environment}`, status];
	if (operation === "plan" && state === "completed") return [`/deploy ${environment}`, status];
	if (!changesTargets(operation)) return [status];
	if (state === "awaiting-approval") return [`/approve ${environment}${plan === null ? "" : ` ${plan}`}`, `/reject ${environment}`];
	if (staged.length > 0) return [`/${switchWords(environment, staged)}`, status];
	if (state === "completed") return [`/rollback ${environment}`, status];
	if (state === "failed") return [`/rollback ${environment}`, `/deploy ${environment}`];
	if (state === "rolled-back") return [status, `/deploy ${environment}`];
	return [status];
}
/** `deploy to`, before the name of an environment. */
function operationInWords(operation) {
	return operations[operation];
}
/** `build_failed` as `build failed`; nothing for `none`. */
function reasonInWords(reason) {
	return reason === "none" ? "" : reason.replaceAll("_", " ");
}
/** `12 s`, `3 min 20 s`, `2 h 5 min`. */
function durationInWords(ms) {
	const seconds = Math.max(0, Math.round(ms / 1e3));
	if (seconds < 60) return `${seconds} s`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
	return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
function shortSha(sha) {
	return sha.slice(0, 7);
}
var marks, operations;
var init_words$1 = __esmMin((() => {
	init_job();
	marks = {
		pending: "🕒",
		validating: "🔎",
		planning: "🔎",
		"awaiting-approval": "✋",
		"backing-up": "🚚",
		applying: "🚚",
		"post-validating": "🩺",
		completed: "✅",
		"rolling-back": "↩️",
		"rolled-back": "↩️",
		failed: "❌",
		rejected: "🚫",
		cancelled: "🚫",
		superseded: "⏭️",
		skipped: "⏭️"
	};
	operations = {
		deploy: "deploy to",
		rollback: "rollback to",
		switch: "switch in",
		plan: "plan for",
		lock: "lock of",
		unlock: "unlock of",
		pause: "pause of",
		resume: "resume of",
		"release-quarantine": "release of a commit for"
	};
}));
// src/report/hosts-markdown.ts
/** Where each host of an environment stands; nothing where it has no more than one. */
function hostsMarkdown({ name, hosts, held }) {
	if (hosts.length < 2) return [];
	const isWaiting = hosts.some(({ waits }) => waits);
	const wait = isWaiting ? [" waits for |", "---|"] : ["", ""];
	const rows = hosts.map((host) => {
		const state = held.includes(host.name) ? "held" : host.state;
		const waits = isWaiting ? ` ${host.waits ? prose(host.waits) : ""} |` : "";
		return `| ${codeSpan(host.name)} | ${prose(state)} | ${commitOf(host)} | ${sinceOf(host)} |${waits}`;
	});
	return [
		"",
		`${`| ${codeSpan(name)} | state | runs | since |`}${wait[0]}`,
		`|---|---|---|---|${wait[1]}`,
		...rows
	];
}
function commitOf({ commit }) {
	return commit === null ? "–" : `\`${shortSha(commit)}\``;
}
function sinceOf({ since }) {
	return since === null ? "–" : `${since.slice(0, 16).replace("T", " ")}Z`;
}
var init_hosts_markdown = __esmMin((() => {
	init_escape();
	init_words$1();
}));
// src/report/releases.ts
/** Below the table of `/status`; '' where there is none. */
function releasesMarkdown(releases) {
	if (releases.length === 0) return "";
	return [
		"| release | commit | checks | live in | author |",
		"|---|---|---|---|---|",
		...releases.map(({ name, commit, author, checks, live }) => `| ${codeSpan(name)} | \`${shortSha(commit)}\` | ${checks} | ${live.map(codeSpan).join(", ") || "–"} | ${plainText(author)} |`)
	].join("\n");
}
var init_releases$1 = __esmMin((() => {
	init_escape();
	init_words$1();
}));
// src/report/template.ts
/** What is wrong with a template, in words; `null` where it can be used. */
function templateProblem(kind, text) {
	if (text.length > 16384) return `it is longer than ${maxTemplate} characters`;
	if (unsafe.test(text)) return "it holds a block of code, a comment, <pre>, <script> or <style>";
	const names = templateNames[kind];
	for (const line of text.split(/\r?\n/u)) for (const [whole, name = ""] of line.matchAll(placeholder)) {
		if (names.inline.includes(name)) continue;
		if (!names.block.includes(name)) return `there is no {{${name}}}`;
		if (line.trimEnd() !== whole) return `{{${name}}} does not stand alone on its line`;
	}
	return null;
}
/** The template with its names replaced, once: what a value holds is no template. */
function fillTemplate(text, { inline, block }) {
	return text.replaceAll(placeholder, (_, name) => {
		if (Object.hasOwn(inline, name)) return inline[name] ?? "";
		return Object.hasOwn(block, name) ? `\n${block[name] ?? ""}\n` : "";
	});
}
/** What people wrote, for the middle of a line of somebody else's Markdown or HTML. */
function inlineValue(text) {
	return plainText(text).replace(/["']/gu, (sign) => `&#${sign.codePointAt(0)};`);
}
var maxTemplate, templateNames, placeholder, unsafe;
var init_template = __esmMin((() => {
	init_escape();
	maxTemplate = 16384;
	templateNames = {
		deployment: {
			inline: [
				"state",
				"operation",
				"environment",
				"commit",
				"ref",
				"actor",
				"deployment",
				"link"
			],
			block: [
				"headline",
				"about",
				"plan",
				"next",
				"footer"
			]
		},
		refusal: {
			inline: [
				"words",
				"message",
				"hint"
			],
			block: []
		}
	};
	placeholder = /\{\{\s*([\w-]*)\s*\}\}/gu;
	unsafe = /^\s*(?:```|~~~)|<\s*(?:pre|script|style|textarea)\b|<[!?]/imu;
}));
// src/report/answer-markdown.ts
/** Said where the same command came a second time. */
function repeatedComment(words, deployment) {
	return `${marker$1}\n\n${codeSpan(words)} was taken before, as deployment ${deployment}.`;
}
/** Said while the answer is being found; the same comment then becomes the answer. */
function workingComment(words) {
	return `${marker$1}\n\n${codeSpan(words)}: looking …`;
}
/** Laid out as `template` says, where there is one. */
function refusalComment({ words, message, hint }, template = null) {
	if (template) {
		const inline = {
			words: inlineValue(words),
			message: inlineValue(message),
			hint: inlineValue(hint ?? "")
		};
		return fitComment(`${marker$1}\n\n${fillTemplate(template, {
			inline,
			block: {}
		})}`);
	}
	return fitComment([...[
		marker$1,
		`### 🚫 ${codeSpan(words)} was refused`,
		sentence(message)
	], ...hint ? [`**Next:** ${prose(hint)}`] : []].join("\n\n"));
}
function doneComment({ words, message, next }) {
	return fitComment([...[
		marker$1,
		`### ✅ ${codeSpan(words)}`,
		sentence(message)
	], ...next ? [`**Next:** ${prose(next)}`] : []].join("\n\n"));
}
/** The answer to lines that look like commands and are none. */
function misreadComment(misreadings) {
	const rows = misreadings.map(({ line, message }) => `- Line ${line}: ${sentence(message)}`);
	return fitComment([
		marker$1,
		...rows,
		"",
		"Type `/help` for every command."
	].join("\n"));
}
function helpComment(rows, environments) {
	const table = rows.map(({ usage, summary }) => `| ${codeSpan(usage)} | ${plainText(summary)} |`);
	const known = environments.length === 0 ? "none" : environments.map(codeSpan).join(", ");
	return fitComment([
		marker$1,
		"One command a line, at the start of the line.",
		"",
		"| type | it does |",
		"|---|---|",
		...table,
		"",
		`Environments: ${known}`
	].join("\n"));
}
function statusComment(environments, releases = []) {
	const rows = environments.map(({ name, health, sync, commit, since, hosts }) => `| ${codeSpan(name)} | ${health} | ${sync} | ${commit ? `\`${shortSha(commit)}\`` : "–"} | ${since ?? "–"} | ${hostsCell(hosts)} |`);
	return fitComment([
		marker$1,
		"| environment | health | sync | commit | since | hosts |",
		"|---|---|---|---|---|---|",
		...rows,
		...environments.flatMap(hostsMarkdown),
		"",
		...environments.flatMap(wordsOnStaged),
		...environments.flatMap(wordsOnHold),
		...releases.length === 0 ? [] : ["", releasesMarkdown(releases)]
	].join("\n"));
}
/** Several have a table of their own. */
function hostsCell([host, ...others]) {
	if (host === void 0) return "";
	return others.length > 0 ? String(others.length + 1) : `${codeSpan(host.name)} ${plainText(host.state)}`;
}
/** What waits for a person who moves the traffic, and what they type. */
function wordsOnStaged({ name, staged }) {
	return staged.map(({ commit, targets, since }) => {
		const what = `\`${shortSha(commit)}\` staged for ${targets.map(codeSpan).join(", ")}`;
		return `- ${codeSpan(name)} has ${what} since ${codeSpan(since)}: \`/${switchWords(name, targets)}\` moves the traffic`;
	});
}
/** Who keeps an environment, why and until when. */
function wordsOnHold({ name, lock, pause }) {
	return [["locked", lock], ["paused", pause]].flatMap(([what, word]) => {
		if (!word) return [];
		const end = word.until === null ? "" : ` until ${codeSpan(word.until)}`;
		const why = word.reason === "" ? "" : `: ${prose(word.reason)}`;
		const by = `by ${codeSpan(word.by)} since ${codeSpan(word.since)}`;
		return [`- ${codeSpan(name)} is ${what} ${by}${end}${why}`];
	});
}
/** Prose with a full stop. What it begins with may be a name, which keeps its letters. */
function sentence(text) {
	return prose(/[.!?…]$/u.test(text) ? text : `${text}.`);
}
var marker$1;
var init_answer_markdown = __esmMin((() => {
	init_escape();
	init_hosts_markdown();
	init_releases$1();
	init_template();
	init_words$1();
	marker$1 = "<!-- sallyport answer -->";
}));
// src/config/later.ts
/**
* A map with exactly these keys. `later` are keys that the documentation knows and this
* version does not act on yet: they are refused with that word rather than silently accepted.
*/
function section(shape, later = []) {
	const schema = strictObject(shape);
	laterKeys.add(schema, { keys: later });
	return schema;
}
/** The keys of a section that a later version brings. */
function laterKeysOf(schema) {
	return laterKeys.get(schema)?.keys ?? [];
}
var laterKeys;
var init_later = __esmMin((() => {
	init_zod();
	laterKeys = registry();
}));
// src/model/note.ts
var notifiedEvents, Text$1, Note;
var init_note = __esmMin((() => {
	init_zod();
	notifiedEvents = [
		"started",
		"awaiting-approval",
		"completed",
		"failed",
		"rolled-back",
		"out-of-sync",
		"agent-lost"
	];
	Text$1 = string().max(1024);
	Note = strictObject({
		schema: literal$1(1),
		/** The same for the same thing, whoever tells of it and however often. */
		id: Text$1,
		event: _enum(notifiedEvents),
		/** `url` is `null` where nobody can look at it. */
		repository: strictObject({
			name: Text$1,
			url: Text$1.nullable()
		}),
		environment: Text$1,
		deployment: int(),
		/** `deploy` or `rollback`. */
		operation: Text$1,
		commit: Text$1,
		/** The branch, tag or pull request that people named. */
		ref: Text$1,
		actor: Text$1,
		state: Text$1,
		/** A reason code; `none` where there is nothing to explain. */
		reason: Text$1,
		/** The step that failed, `null` where none did. */
		step: Text$1.nullable(),
		/** What was said of it, by a host or a person; '' where nothing was. */
		message: Text$1,
		targets: array(Text$1),
		/** All that take part, or those that it is about. */
		hosts: array(Text$1),
		/** Where people read on. */
		link: Text$1.nullable(),
		/** Ms since 1970, by the ledger's clock. */
		at: number()
	});
}));
// src/model/keys.ts
/** Reads `ed25519:<base64url of 32 bytes>`. Throws `key_invalid`. */
function parsePublicKey(text) {
	const raw = Buffer.from(text.slice(8), "base64url");
	if (!text.startsWith(prefix$1) || raw.length !== 32 || textOf(raw) !== text) throw invalid$1("A public key is `ed25519:` and 43 characters of base64url.");
	const jwk = {
		kty: "OKP",
		crv: "Ed25519",
		x: raw.toString("base64url")
	};
	return {
		id: idOf(raw),
		text,
		object: createPublicKey({
			key: jwk,
			format: "jwk"
		})
	};
}
/** Reads a PKCS#8 PEM. Throws `key_invalid`. */
function parseSigningKey(pem) {
	let key;
	try {
		key = createPrivateKey(pem);
	} catch (cause) {
		throw invalid$1("The signing key is not a readable PEM file.", cause);
	}
	if (key.asymmetricKeyType !== "ed25519") throw invalid$1(`The signing key is of type ${key.asymmetricKeyType}, not Ed25519.`);
	return signingKeyOf(key);
}
function signingKeyOf(key) {
	const { x } = createPublicKey(key).export({ format: "jwk" });
	return {
		private: key,
		public: parsePublicKey(prefix$1 + x)
	};
}
function textOf(raw) {
	return prefix$1 + raw.toString("base64url");
}
function idOf(raw) {
	return createHash("sha256").update(raw).digest("hex").slice(0, 16);
}
function invalid$1(message, cause) {
	return new SallyportError({
		code: "key_invalid",
		message,
		hint: "Make a key with `sallyport agent keygen` (a host) or `sallyport app keygen` (the App).",
		exit: exitCodes.usage,
		cause
	});
}
var prefix$1;
var init_keys = __esmMin((() => {
	init_errors$3();
	prefix$1 = "ed25519:";
}));
// src/config/placeholders.ts
/**
* Names in braces that stand for nothing that is known. Braces around anything that is not one
* lower-case word (`{a,b}`, `{"json": 1}`) are text.
*/
function unknownPlaceholders(text, known) {
	return [...text.matchAll(/\{([a-z][a-z_]{0,40})\}/g)].map(([, name]) => name).filter((name) => !known.includes(name));
}
var placeholders, commandPlaceholders;
var init_placeholders = __esmMin((() => {
	placeholders = [
		"port",
		"version",
		"sha",
		"release",
		"env_root",
		"environment"
	];
	commandPlaceholders = [
		"plan_file",
		"version",
		"sha",
		"release",
		"previous_sha",
		"previous_release",
		"env_root",
		"environment"
	];
}));
// src/config/words.ts
/** A program and its arguments, in which these placeholders are known. */
function argvWith(names) {
	const known = names.map((name) => `{${name}}`).join(" ");
	const word = string({ error: "a string (quote numbers and true/false)" }).refine(isClean, { error: "may not contain a NUL character" }).refine((text) => unknownPlaceholders(text, names).length === 0, { error: `has an unknown placeholder; known are ${known}` });
	return tuple([word.min(1, { error: "a program" })], word, { error: argvRule });
}
/**
* A map whose keys are names. Once parsed it has no prototype: looking up a name that people
* typed never finds what every object has.
*/
function mapOf(value) {
	return record(Name, value).transform((map) => Object.assign(Object.create(null), map));
}
function isClean(text) {
	return !text.includes("\0");
}
function staysInside(path) {
	return isClean(path) && !path.startsWith("/") && !path.split(/[/\\]/).includes("..");
}
function isPublicKey(text) {
	try {
		parsePublicKey(text);
		return true;
	} catch {
		return false;
	}
}
var nameRule, Name, argvRule, Argv$1, Port, UrlPath, RelativePath, AbsolutePath, KeyText, patternRule, Pattern, Patterns;
var init_words = __esmMin((() => {
	init_zod();
	init_keys();
	init_placeholders();
	nameRule = "a name: letters, digits, `.`, `_`, `-`, at most 63 of them, a letter or digit first";
	Name = string({ error: nameRule }).regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/).refine((name) => !(name in Object.prototype), { error: "may not be used as a name" });
	argvRule = "a list of words such as [npm, ci]; no shell splits a line";
	Argv$1 = argvWith(placeholders);
	Port = int({ error: "a port from 1 to 65535" }).min(1).max(65535);
	UrlPath = string({ error: "a path such as /ping" }).max(1024).regex(/^\/[\u0021-\u007e]*$/);
	RelativePath = string({ error: "a path inside the repository" }).min(1).max(1024).refine(staysInside, { error: "must stay inside the repository" });
	AbsolutePath = string({ error: "an absolute path" }).max(1024).regex(/^\//).refine(isClean, { error: "may not contain a NUL character" });
	KeyText = string({ error: "a public key as `sallyport agent keygen` or `sallyport app keygen` prints it" }).regex(/^ed25519:[\w-]{43}$/, { abort: true }).refine(isPublicKey, { error: "is not a valid Ed25519 public key" });
	patternRule = "a pattern such as main or v*, or a list of them";
	Pattern = string({ error: patternRule }).min(1).max(255);
	Patterns = codec(union([Pattern, array(Pattern).min(1)], { error: patternRule }), array(string()), {
		decode: (value) => typeof value === "string" ? [value] : value,
		encode: (list) => list
	});
}));
// src/config/notify.ts
var SecretName, Filter, Address, Notify;
var init_notify$1 = __esmMin((() => {
	init_zod();
	init_note();
	init_later();
	init_words();
	SecretName = string({ error: "the name of a variable of the sender, such as $SLACK_WEBHOOK" }).regex(/^\$[A-Z_][A-Z0-9_]{0,127}$/);
	Filter = {
		events: array(_enum(notifiedEvents)).min(1).default([...notifiedEvents]).describe("Which of them; absent: all."),
		targets: array(Name).min(1).optional().describe("Only of these targets.")
	};
	Address = email();
	Notify = union([
		section({
			slack: SecretName.describe("An incoming webhook."),
			...Filter
		}),
		section({
			slack_token: SecretName.describe("A bot token; a thread for each deployment."),
			channel: string().min(1).max(80),
			...Filter
		}),
		section({
			webhook: SecretName.describe("An address that is sent JSON."),
			secret: SecretName.describe("Signs the body: `X-Sallyport-Signature-256`."),
			...Filter
		}),
		section({
			mail: array(Address).min(1).describe("Receivers."),
			smtp: SecretName.describe("`smtps://user:password@host:465`, or `smtp://` for STARTTLS."),
			from: Address,
			...Filter
		}),
		section({
			pagerduty: SecretName.describe("A routing key, Events v2."),
			...Filter,
			events: array(_enum(["failed", "completed"])).min(1).default(["failed", "completed"]).describe("`failed` opens an incident, `completed` closes it.")
		}),
		section({
			teams: SecretName.describe("A webhook of a workflow."),
			...Filter
		})
	], { error: "one of slack, slack_token, webhook, mail, pagerduty and teams, with its keys" }).describe("Who is told of what happens.");
}));
// src/config/people.ts
var personRule, PersonOrTeam, guardedCommands, May;
var init_people$2 = __esmMin((() => {
	init_zod();
	personRule = "a login such as mona, or a team such as @acme/ops";
	PersonOrTeam = string({ error: personRule }).max(140).regex(/^(?:@?[A-Za-z0-9][A-Za-z0-9-]{0,38}(?:\[bot\])?|@[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100})$/);
	guardedCommands = [
		"deploy",
		"plan",
		"approve",
		"reject",
		"rollback",
		"promote",
		"switch",
		"cancel",
		"lock",
		"unlock",
		"pause",
		"resume"
	];
	May = partialRecord(_enum(guardedCommands), array(PersonOrTeam).min(1)).describe("Who may type a command here: logins and teams, besides the permission to write. A command that is not named: whoever may write (`promote` and `switch`: whoever may `deploy`).");
}));
// src/config/pull-requests.ts
var PullRequests;
var init_pull_requests = __esmMin((() => {
	init_zod();
	init_later();
	init_words();
	PullRequests = section({
		forks: boolean().default(false).describe("Heads of forks may be deployed, too: their code runs on the hosts."),
		drafts: boolean().default(false).describe("Drafts may be deployed, too."),
		bases: Patterns.optional().describe("Branches that a pull request may want to be merged into; absent: the default branch."),
		outdated: _enum([
			"ignore",
			"warn",
			"refuse",
			"update"
		]).default("warn").describe("Where the base branch has commits that the pull request lacks. `update` merges the base into it and asks for the command again."),
		review: boolean().default(false).describe("GitHub must show the pull request as approved by review."),
		hold: boolean().default(true).describe("A deployment from a pull request keeps the environment until it is merged, closed or `/unlock`ed.")
	}).describe("What holds for deployments of pull requests.");
}));
// src/config/rollout.ts
var hosts, Rollout;
var init_rollout$1 = __esmMin((() => {
	init_zod();
	init_duration();
	init_later();
	hosts = int({ error: "a number of hosts" }).max(250);
	Rollout = section({
		canary: hosts.min(0).default(0).describe("Hosts that go first, before all others."),
		batch: hosts.min(1).default(1).describe("Hosts that go at once after that."),
		pause: durationBetween("0s", "1d").prefault("0s").describe("After the canary, and between two batches."),
		max_unavailable: hosts.min(1).optional().describe("Hosts that may be at work or down at once. Absent: as many as `batch`."),
		down: _enum([
			"refuse",
			"skip",
			"wait"
		]).default("wait").describe("A host that has not been heard of: nothing is begun, it is left out and catches up when it returns, or it is waited for.")
	}).superRefine(({ down, batch, max_unavailable = batch }, context) => {
		if (down !== "skip" || max_unavailable > 1) return;
		context.addIssue({
			code: "custom",
			path: ["max_unavailable"],
			message: "must be 2 or more with `down: skip`: a host that is left out is one of those that are down"
		});
	}).describe("How the hosts follow each other.");
}));
// src/model/timezone.ts
/** Whether this machine knows an IANA timezone by this name; bare offsets are none. */
function isTimezone(name) {
	if (!/^[A-Za-z][\w+/-]*$/.test(name)) return false;
	try {
		return formatOf(name) !== void 0;
	} catch {
		return false;
	}
}
/** How far local time is ahead of UTC at an instant, in ms. Throws a RangeError for an unknown timezone. */
function offsetAt(timezone, at) {
	const zone = zoneOf(timezone);
	const day = Math.floor(at / dayMs$2);
	const before = offsetAtDay(zone, day);
	const after = offsetAtDay(zone, day + 1);
	if (before === after) return before;
	return at < changeOn(zone, day) ? before : after;
}
/**
* The instant of a wall-clock time, which is given as if it were UTC, in ms. By the rules of
* RFC 5545: of a time that comes twice the first; one that does not exist is read with the
* offset before the gap.
*/
function instantOf(timezone, wall) {
	const before = offsetAt(timezone, wall - dayMs$2);
	const after = offsetAt(timezone, wall + dayMs$2);
	const early = wall - before;
	if (before === after || offsetAt(timezone, early) === before) return early;
	const late = wall - after;
	return offsetAt(timezone, late) === after ? late : early;
}
/** `2027-01-03T00:00:00+01:00`; in UTC `2027-01-02T23:00:00Z`. Whole seconds. */
function isoIn(timezone, at) {
	const offset = offsetAt(timezone, at);
	const local = new Date(at + offset).toISOString().slice(0, 19);
	if (offset === 0) return `${local}Z`;
	const minutes = Math.abs(offset) / 6e4;
	const two = (count) => String(Math.floor(count)).padStart(2, "0");
	return `${local}${offset < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}
function zoneOf(name) {
	const known = zones.get(name);
	if (known) return known;
	if (zones.size >= maxZones) zones.clear();
	const zone = {
		format: formatOf(name),
		offsets: /* @__PURE__ */ new Map(),
		changes: /* @__PURE__ */ new Map()
	};
	zones.set(name, zone);
	return zone;
}
function formatOf(timeZone) {
	return new Intl.DateTimeFormat("en-US", {
		timeZone,
		timeZoneName: "longOffset"
	});
}
function offsetAtDay(zone, day) {
	const known = zone.offsets.get(day);
	if (known !== void 0) return known;
	if (zone.offsets.size >= maxDays) zone.offsets.clear();
	const offset = readOffset(zone, day * dayMs$2);
	zone.offsets.set(day, offset);
	return offset;
}
/** The first instant of the new offset, by halving the day. */
function changeOn(zone, day) {
	const known = zone.changes.get(day);
	if (known !== void 0) return known;
	let [low, high] = [day * dayMs$2, (day + 1) * dayMs$2];
	const before = readOffset(zone, low);
	while (high - low > 1) {
		const middle = Math.floor((low + high) / 2);
		if (readOffset(zone, middle) === before) low = middle;
		else high = middle;
	}
	if (zone.changes.size >= maxDays) zone.changes.clear();
	zone.changes.set(day, high);
	return high;
}
function readOffset(zone, at) {
	const name = zone.format.formatToParts(at).find(({ type }) => type === "timeZoneName");
	const [, sign, hours, minutes, seconds = 0] = /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(name?.value ?? "") ?? [];
	if (sign === void 0) return 0;
	const ms = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1e3;
	return sign === "-" ? -ms : ms;
}
var dayMs$2, maxZones, maxDays, zones;
var init_timezone = __esmMin((() => {
	dayMs$2 = 864e5;
	maxZones = 64;
	maxDays = 2e4;
	zones = /* @__PURE__ */ new Map();
}));
// src/config/cron-field.ts
/** The values of one field: a list of `*`, values and ranges, each with a step or not. */
function parseCronField(field, text) {
	const values = /* @__PURE__ */ new Set();
	let at = 0;
	for (const item of text.split(",")) {
		const range = parseItem(field, item);
		if (!range.ok) return {
			...range,
			at: at + range.at
		};
		for (let value = range.from; value <= range.to; value += range.step) values.add(value);
		at += item.length + 1;
	}
	return {
		ok: true,
		values: [...values].toSorted((a, b) => a - b)
	};
}
function parseItem(field, item) {
	const [range = "", stepText, ...tooMany] = item.split("/");
	if (tooMany.length > 0) return fault(0, `\`${item}\` has more than one step`);
	const [first = "", last, ...rest] = range.split("-");
	if (rest.length > 0) return fault(0, `\`${item}\` is not a range`);
	const from = range === "*" ? field.least : valueOf(field, first);
	if (from === null) return fault(0, expected(field, first));
	const to = range === "*" ? mostOf(field) : last === void 0 ? from : valueOf(field, last);
	if (to === null) return fault(first.length + 1, expected(field, last ?? ""));
	if (to < from) return fault(0, `the range \`${range}\` ends before it begins; write it as two ranges`);
	if (stepText === void 0) return {
		ok: true,
		from,
		to,
		step: 1
	};
	if (range !== "*" && last === void 0) return fault(0, `the step of \`${item}\` needs a range: ${range}-${field.most}/${stepText}`);
	const step = /^\d{1,3}$/.test(stepText) ? Number(stepText) : 0;
	const longest = field.most - field.least;
	if (step < 1 || step > longest) return fault(range.length + 1, `expected a step from 1 to ${longest}, not \`${stepText}\``);
	return {
		ok: true,
		from,
		to,
		step
	};
}
function valueOf(field, text) {
	const named = field.names.indexOf(text.toLowerCase());
	if (named >= 0) return field.least + named;
	if (!/^\d{1,4}$/.test(text)) return null;
	const value = Number(text);
	return value >= field.least && value <= field.most ? value : null;
}
/** Sunday is 0 and 7; `*` means it once. */
function mostOf(field) {
	return field.most === 7 ? 6 : field.most;
}
function expected(field, text) {
	const names = field.names.length > 0 ? ` or ${field.names[0]} to ${field.names.at(-1)}` : "";
	const found = text === "" ? "nothing" : `\`${text.slice(0, 20)}\``;
	return `expected ${field.name} from ${field.least} to ${field.most}${names}, not ${found}`;
}
function fault(at, why) {
	return {
		ok: false,
		at,
		why
	};
}
var init_cron_field = __esmMin((() => {}));
// src/config/cron.ts
/**
* Reads the five fields of a cron line: minute, hour, day of the month, month, day of the week.
* Lists, ranges, steps and names, as `cron` has them; none of the additions (`L`, `W`, `#`, `?`,
* `@daily`). As there, days of the month and of the week that are both restricted mean either;
* a field that begins with `*` restricts nothing in that sense.
*/
function parseCron(text) {
	const words = [...text.matchAll(/\S+/g)];
	if (words.length !== fields.length) return {
		ok: false,
		at: words[fields.length]?.index ?? text.length,
		why: `expected five fields (minute hour day month weekday), not ${words.length}`
	};
	const values = [];
	for (const [place, field] of fields.entries()) {
		const word = words[place];
		const read = parseCronField(field, word[0]);
		if (!read.ok) return {
			...read,
			at: word.index + read.at
		};
		values.push(read.values);
	}
	const [minutes, hours, days, months, sundays] = values;
	const weekdays = [...new Set(sundays.map((day) => day % 7))].toSorted((a, b) => a - b);
	const isRestricted = (place) => !words[place][0].startsWith("*");
	const either = isRestricted(2) && isRestricted(4);
	if (!either && !months.some((one) => days[0] <= longestMonth(one))) {
		const why = `day ${days[0]} never comes in ${months.map((one) => monthNames[one - 1]).join(", ")}`;
		return {
			ok: false,
			at: words[2].index,
			why
		};
	}
	return {
		ok: true,
		cron: {
			minutes,
			hours,
			days,
			months,
			weekdays,
			either
		}
	};
}
function longestMonth(of) {
	return of === 2 ? 29 : [
		4,
		6,
		9,
		11
	].includes(of) ? 30 : 31;
}
var minute, hour, dayOfMonth, monthNames, fields;
var init_cron = __esmMin((() => {
	init_cron_field();
	minute = {
		name: "a minute",
		least: 0,
		most: 59,
		names: []
	};
	hour = {
		name: "an hour",
		least: 0,
		most: 23,
		names: []
	};
	dayOfMonth = {
		name: "a day of the month",
		least: 1,
		most: 31,
		names: []
	};
	monthNames = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
	fields = [
		minute,
		hour,
		dayOfMonth,
		{
			name: "a month",
			least: 1,
			most: 12,
			names: monthNames
		},
		{
			name: "a day of the week",
			least: 0,
			most: 7,
			names: "sun mon tue wed thu fri sat".split(" ")
		}
	];
}));
// src/config/window.ts
/** A day or a time of day, read as if it were UTC, in ms. */
function wallTime(day) {
	return Date.parse(day.length === 10 ? `${day}T00:00Z` : `${day}Z`);
}
/** `Date` takes 30 February for 2 March. */
function isInCalendar(day) {
	const at = wallTime(day);
	return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}
var Timezone, Schedule, Window, dayRule, Day, Freeze;
var init_window = __esmMin((() => {
	init_zod();
	init_nearest();
	init_timezone();
	init_cron();
	init_duration();
	init_later();
	Timezone = string({ error: "a timezone such as Europe/Berlin" }).max(64).superRefine((name, context) => {
		if (isTimezone(name)) return;
		const meant = nearest(name, Intl.supportedValuesOf("timeZone"));
		const question = meant === void 0 ? "" : `; did you mean ${meant}?`;
		context.addIssue({
			code: "custom",
			message: `is no timezone that is known here${question}`
		});
	});
	Schedule = string({ error: "a cron line such as \"0 9 * * 1-5\"" }).max(255).superRefine((line, context) => {
		const read = parseCron(line);
		if (read.ok) return;
		const message = `is not a cron line, at character ${read.at + 1}: ${read.why}`;
		context.addIssue({
			code: "custom",
			message
		});
	});
	Window = section({
		kind: _enum(["allow", "deny"]).describe("`deny` wins; with any `allow`, all other time is closed."),
		schedule: Schedule.describe("When it begins: five fields of cron, by the clock of `timezone`."),
		duration: durationBetween("1m", "366d").describe("How long it lasts, as elapsed time."),
		timezone: Timezone.default("UTC").describe("IANA name: Europe/Berlin."),
		manual: boolean().default(false).describe("People may come through by command: of all windows that keep it closed, each must say so.")
	}).describe("When changes may come: cron, duration and timezone; deny wins.");
	dayRule = "a day such as 2026-12-20, or a time such as 2026-12-20T18:00";
	Day = string({ error: dayRule }).regex(/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2})?$/, {
		error: dayRule,
		abort: true
	}).refine(isInCalendar, { error: "is no day or time of the calendar" });
	Freeze = section({
		from: Day.describe("A day (its midnight) or a time of day."),
		to: Day.describe("Exclusive."),
		timezone: Timezone.default("UTC").describe("IANA name: Europe/Berlin."),
		reason: string().max(200).default("").describe("For people.")
	}).refine(({ from, to }) => !(wallTime(from) >= wallTime(to)), { error: "must begin before it ends" }).describe("A time without changes.");
}));
// src/config/environment.ts
var kinds$1, laterKinds, Kind, PermittedTarget, Override, Trigger, External, Retry, Require, Environment$1;
var init_environment = __esmMin((() => {
	init_zod();
	init_later();
	init_duration();
	init_notify$1();
	init_people$2();
	init_pull_requests();
	init_rollout$1();
	init_window();
	init_words();
	kinds$1 = [
		"service",
		"files",
		"command"
	];
	laterKinds = ["kustomize", "forge"];
	Kind = _enum(kinds$1);
	PermittedTarget = union([Name, section({
		name: Name,
		kind: Kind
	})], { error: "the name of a target, or { name: web, kind: service }" }).transform((value) => typeof value === "string" ? {
		name: value,
		kind: null
	} : value);
	Override = record(string(), unknown());
	Trigger = section({
		branches: Patterns.optional().describe("A push to one of these branches."),
		tags: Patterns.optional().describe("A new tag that matches one of these patterns."),
		releases: boolean().default(false).describe("A release that is published."),
		merges: boolean().default(false).describe("A merge of a pull request into the default branch: deploys the merge commit.")
	}).describe("What starts a deployment by itself.");
	External = union([section({
		name: Name,
		command: Argv$1.describe("On the host; exit code 0 opens."),
		timeout: durationBetween("1s", "10m").prefault("10s")
	}), section({
		name: Name,
		url: url$1({ protocol: /^https?$/ }).describe("A status of 2xx opens; no answer closes."),
		timeout: durationBetween("1s", "10m").prefault("10s")
	})], { error: "name, and one of command and url" });
	Retry = section({
		attempts: int().min(1).max(20).default(3).describe("Tries in all."),
		initial: durationBetween("1s", "1h").prefault("1m").describe("Before the second try."),
		factor: number().min(1).max(10).default(2).describe("How much longer each pause is."),
		max: durationBetween("1s", "1d").prefault("15m").describe("The longest pause.")
	}).describe("Another try after a failure that can pass by itself.");
	Require = section({
		refs: Patterns.optional().describe("Where the commit must be reachable from; `pull` admits heads of pull requests. Absent: the default branch, every tag and, in a pull request, its own head."),
		approvals: int().min(0).max(10).default(0).describe("How many people must approve the plan."),
		approvers: array(PersonOrTeam).default([]).describe("Logins, and teams as `@org/team`; empty: whoever may deploy."),
		author_may_approve: boolean().default(false).describe("Authors: of the pull request, every pusher, whoever typed the command."),
		checks: union([_enum([
			"required",
			"all",
			"none"
		]), array(string().min(1).max(255)).min(1)], { error: "required, all, none or a list of names" }).default("none").describe("Checks of the commit that must have succeeded."),
		from: Name.optional().describe("The commit has completed in this environment first."),
		github: boolean().optional().describe("The rules of the GitHub environment of the same name hold here too: reviewers, wait timer, branch and tag policies. `true`: nothing is deployed where the App may not read them; absent: then they do not hold."),
		external: array(External).default([]).describe("Programs or addresses that are asked.")
	}, ["signed_commits"]).describe("What must hold before a deployment may start.");
	Environment$1 = section({
		sync: _enum(["auto", "manual"]).default("manual").describe("`auto`: what `trigger` names goes out by itself; `manual`: a person says so."),
		targets: array(PermittedTarget).min(1, { error: "at least one target" }).optional().describe("What may come here: names, or `{ name, kind }`; absent: every target that the commit declares."),
		hosts: array(Name).min(1, { error: "at least one host" }).optional().describe("The hosts that take part, in their order; absent: the one agent enrolled here."),
		trigger: Trigger.optional(),
		url: url$1({
			protocol: /^https?$/,
			error: "an address that begins with https:// or http://"
		}).max(200).optional().describe("Where people find what runs there; GitHub links to it."),
		heal: boolean().default(false).describe("Drift on a host is mended by itself."),
		windows: array(Window).default([]).describe("When changes may come; without an `allow`: always."),
		freezes: array(Freeze).default([]).describe("Times without changes."),
		retry: Retry.optional(),
		require: Require.prefault({}),
		on_failure: _enum(["rollback", "stop"]).default("rollback").describe("What happens with the units that are done when another one fails."),
		may: May.prefault({}),
		pull_requests: PullRequests.prefault({}),
		notify: array(Notify).max(20).default([]),
		override: mapOf(Override).prefault({}).describe("Parts of targets, by name, that are different here."),
		rollout: Rollout.prefault({})
	}).describe("Where targets go, and the rules that hold there.");
}));
// src/config/problem.ts
/** `targets.web.build[0]` */
function pathText(path) {
	return path.reduce((text, step) => typeof step === "number" ? `${text}[${step}]` : text === "" ? step : `${text}.${step}`, "");
}
/** In the order of the file. */
function byPosition(a, b) {
	return a.line - b.line || a.column - b.column;
}
var init_problem = __esmMin((() => {}));
// src/config/issues.ts
/**
* Holds a value against a schema. A schema's own `error` text is either what is expected there
* (`a port from 1 to 65535`) or, on a refinement, what is wrong (`must stay inside …`).
*/
function check(schema, value) {
	const sections = /* @__PURE__ */ new Map();
	const result = schema.safeParse(value, {
		reportInput: true,
		error: (issue) => {
			if (issue.code === "unrecognized_keys" && issue.schema) sections.set(pathText(stepsOf$1(issue.path ?? [])), issue.schema);
			return expectation(issue);
		}
	});
	if (result.success) return {
		ok: true,
		value: result.data
	};
	return {
		ok: false,
		problems: result.error.issues.flatMap((issue) => {
			const path = stepsOf$1(issue.path);
			if (issue.code !== "unrecognized_keys") return [problemOf(issue, path)];
			const schemaThere = sections.get(pathText(path));
			return issue.keys.slice(0, 100).map((key) => unknownKey(key, path, schemaThere));
		})
	};
}
function problemOf(issue, path) {
	const name = path.length === 0 ? "The file" : `\`${pathText(path)}\``;
	if (issue.code === "custom") return {
		path,
		on: "value",
		message: `${name} ${issue.message}.`
	};
	if (issue.code === "invalid_key") return wrongName(issue, path);
	if (issue.code === "invalid_union" && issue.discriminator === "kind") return wrongKind(issue, path);
	const { input, message: expected } = issue;
	if (input === void 0) return {
		path,
		on: "key",
		message: `${name} is missing; expected ${expected}.`,
		expected
	};
	const meant = issue.code === "invalid_value" && typeof input === "string" ? nearest(input, issue.values.map(String)) : void 0;
	return {
		path,
		on: "value",
		message: `${name} is ${show$1(input)}; expected ${expected}.${question(meant)}`,
		expected,
		...meant === void 0 ? {} : { did_you_mean: meant }
	};
}
function wrongName(issue, path) {
	const [inner] = issue.issues;
	const what = inner?.code === "custom" ? inner.message : `is not ${inner?.message ?? "a name"}`;
	return {
		path,
		on: "key",
		message: `\`${pathText(path)}\` ${what}.`
	};
}
function wrongKind(issue, path) {
	const supported = `supported: ${kinds$1.join(", ")}`;
	const given = kindOf$1(issue.input);
	const place = `\`${pathText(path)}\``;
	if (given === void 0) return {
		path,
		on: "key",
		message: `${place} is missing; ${supported}.`,
		expected: kinds$1.join(", ")
	};
	if (typeof given === "string" && laterKinds.includes(given)) return {
		path,
		on: "value",
		message: `The kind \`${given}\` is not built yet; ${supported}.`
	};
	const meant = typeof given === "string" ? nearest(given, kinds$1) : void 0;
	return {
		path,
		on: "value",
		message: `${place} is ${show$1(given)}; ${supported}.${question(meant)}`,
		expected: kinds$1.join(", "),
		...meant === void 0 ? {} : { did_you_mean: meant }
	};
}
function unknownKey(key, around, schema) {
	const path = [...around, key];
	const known = schema instanceof ZodObject ? Object.keys(schema.shape) : [];
	if ((schema ? laterKeysOf(schema) : []).includes(key)) return {
		path,
		on: "key",
		message: `\`${pathText(path)}\` is not supported yet.`
	};
	const meant = nearest(key, known);
	return {
		path,
		on: "key",
		message: `\`${pathText(path)}\` is not known.${question(meant)}`,
		expected: known.join(", "),
		...meant === void 0 ? {} : { did_you_mean: meant }
	};
}
/** What is expected where a schema says nothing itself. */
function expectation(issue) {
	switch (issue.code) {
		case "invalid_type": return typeNames[issue.expected] ?? issue.expected;
		case "invalid_value": return issue.values.map((value) => `\`${String(value)}\``).join(" or ");
		case "too_small": return `at least ${issue.minimum}`;
		case "too_big": return `at most ${issue.maximum}`;
		default: return "something else";
	}
}
function kindOf$1(input) {
	return typeof input === "object" && input !== null && "kind" in input ? input.kind : void 0;
}
function show$1(value) {
	if (value === null) return "empty";
	if (Array.isArray(value)) return "a list";
	if (typeof value === "object") return "a map";
	const text = JSON.stringify(value);
	return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
function question(meant) {
	return meant === void 0 ? "" : ` Did you mean \`${meant}\`?`;
}
function stepsOf$1(path) {
	return path.map((step) => typeof step === "number" ? step : String(step));
}
var typeNames;
var init_issues = __esmMin((() => {
	init_zod();
	init_nearest();
	init_environment();
	init_later();
	init_problem();
	typeNames = {
		object: "a map",
		record: "a map",
		array: "a list",
		tuple: "a list",
		string: "a string",
		number: "a number",
		int: "a whole number",
		boolean: "true or false"
	};
}));
// src/config/hooks.ts
var Hooks;
var init_hooks = __esmMin((() => {
	init_duration();
	init_later();
	init_words();
	Hooks = section({
		before: Argv$1.optional().describe("Must succeed before anything is changed."),
		after: Argv$1.optional().describe("Must succeed once it is applied and verified."),
		on_failure: Argv$1.optional().describe("Runs after it was rolled back; its failure is only told."),
		timeout: durationBetween("1s", "1d").prefault("10m").describe("For each of them.")
	}).describe("Programs of the commit that run around the target, on each of its hosts.");
}));
// src/config/params.ts
/** Whether a text may be the value of the parameter; it is handed on as it stands. */
function isFitting(value, { type, choices }) {
	if (choices !== void 0 && !choices.includes(value)) return false;
	if (/\p{Cc}/u.test(value)) return false;
	if (type === "number") return /^-?(?:0|[1-9]\d{0,15})(?:\.\d{1,15})?$/.test(value);
	return type === "string" || value === "true" || value === "false";
}
var ParamName, Param, Params;
var init_params$1 = __esmMin((() => {
	init_zod();
	init_later();
	ParamName = string({ error: "lower-case letters, digits and _, a letter first, at most 40" }).regex(/^[a-z][a-z0-9_]{0,39}$/).refine((name) => !(name in Object.prototype), { error: "may not be used as a name" });
	Param = section({
		type: _enum([
			"string",
			"number",
			"boolean"
		]).default("string"),
		choices: array(string().min(1).max(255)).min(1).optional().describe("All values that there are; absent: any of this type."),
		default: union([
			string().max(1024),
			number(),
			boolean()
		]).optional(),
		required: boolean().default(false),
		describe: string().max(255).optional().describe("For people, shown where it is missing.")
	}).refine((param) => param.default === void 0 || isFitting(`${param.default}`, param), {
		error: "the default is not of this type, or none of the choices",
		path: ["default"]
	});
	Params = record(ParamName, Param).describe("What people may give after `|`; programs find it as SALLYPORT_PARAM_NAME.");
}));
// src/config/placed.ts
var placed;
var init_placed = __esmMin((() => {
	init_zod();
	init_hooks();
	init_params$1();
	init_words();
	placed = {
		wave: int().min(-1e3).max(1e3).default(0).describe("Targets of a lower wave are done before those of a higher one begin."),
		roles: array(Name).default([]).describe("Only hosts with one of these roles run it; empty: all hosts."),
		params: Params.prefault({}),
		hooks: Hooks.optional()
	};
}));
// src/config/size.ts
var units, pattern, Size, Percent;
var init_size = __esmMin((() => {
	init_zod();
	units = {
		K: 1024,
		M: 2 ** 20,
		G: 2 ** 30,
		T: 2 ** 40
	};
	pattern = /^([1-9]\d{0,5})(K|M|G|T)$/;
	Size = codec(string({ error: "a size such as 512M or 5G" }).regex(pattern), number(), {
		decode(text) {
			const [, count = "1", unit = "M"] = pattern.exec(text) ?? [];
			return Number(count) * units[unit];
		},
		encode: (bytes) => `${Math.round(bytes / units.K)}K`
	}).describe("A size: a whole number and K, M, G or T (powers of 1024), such as 512M.");
	Percent = codec(string({ error: "a percentage such as 5%" }).regex(/^(100|[1-9]?\d)(\.\d{1,2})?%$/), number().min(0).max(1), {
		decode: (text) => Number.parseFloat(text) / 100,
		encode: (fraction) => `${Number((fraction * 100).toFixed(2))}%`
	}).describe("A percentage, such as 5%.");
}));
// src/config/traffic.ts
var verdict, Watch, Canary, HeaderName, CookieName, Preview, Liveness;
var init_traffic = __esmMin((() => {
	init_zod();
	init_duration();
	init_later();
	init_size();
	verdict = {
		errors: Percent.prefault("5%").describe("More answers of 500 and above than that are too many."),
		latency: durationBetween("1ms", "1h").optional().describe("A mean time to answer above that is too long."),
		requests: int().min(1).max(1e6).default(20).describe("Without so many requests nobody can tell, and only the probes count.")
	};
	Watch = section({
		for: durationBetween("0s", "1d").prefault("0s").describe("0s: it is not watched."),
		...verdict
	}).describe("After the switch: a new slot that answers badly loses the traffic again by itself.");
	Canary = section({
		share: Percent.refine((share) => share > 0 && share < 1, { error: "must be above 0% and below 100%" }).describe("The part of new requests that the new slot gets before the switch."),
		for: durationBetween("1s", "1d").prefault("10m").describe("For so long."),
		sticky: boolean().default(true).describe("Whoever came to a slot stays with it, by a cookie."),
		...verdict
	}).describe("A share of the traffic tries the new slot first; its answers decide.");
	HeaderName = string({ error: "the name of a header" }).regex(/^[A-Za-z0-9-]{1,64}$/);
	CookieName = string({ error: "the name of a cookie" }).regex(/^[A-Za-z0-9_-]{1,64}$/);
	Preview = section({
		header: HeaderName.default("X-Sallyport-Slot"),
		cookie: CookieName.default("sallyport_slot")
	}).describe("A header or a cookie with the name of a slot (`blue`, `green`) shows that slot.");
	Liveness = section({
		enabled: boolean().default(true).describe("false: whoever else looks after the program does."),
		initial: durationBetween("100ms", "1h").prefault("1s").describe("Before the second restart of a program that ends again and again."),
		max: durationBetween("1s", "1d").prefault("1m").describe("The longest pause."),
		fallback: boolean().default(true).describe("Where the live slot is dead and the other one healthy, that one gets the traffic.")
	}).describe("After the deployment, for good: a program that ended or does not answer is restarted.");
}));
// src/config/hosting.ts
var Limits, Tls, ServerName, ProxySection;
var init_hosting = __esmMin((() => {
	init_zod();
	init_later();
	init_size();
	init_words();
	Limits = section({
		memory: Size.optional().describe("The program is ended above that."),
		cpu: number().min(.01).max(1024).optional().describe("In processors: 1.5."),
		tasks: int().min(1).max(1e6).optional().describe("Processes and threads."),
		files: int().min(16).max(1e7).optional().describe("Open files.")
	}).describe("With systemd: what the program may take.");
	Tls = section({
		certificate: AbsolutePath.describe("PEM, with the chain; read again when it changes."),
		key: AbsolutePath.describe("PEM, readable by the proxy.")
	}).describe("Files on the host; absent: plain HTTP.");
	ServerName = string({ error: "a name such as shop.example.org" }).regex(/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/);
	ProxySection = section({
		driver: _enum([
			"builtin",
			"nginx",
			"haproxy",
			"caddy"
		]).default("builtin"),
		listen: int({ error: "a port from 0 to 65535" }).min(0).max(65535).describe("The port that people talk to; 0 takes a free one and keeps it."),
		tls: Tls.optional(),
		server_names: array(ServerName).max(100).default([]).describe("Several services may share a port of nginx or Caddy by these; empty: all names."),
		mode: _enum(["socket", "reload"]).default("socket").describe("With nginx: `socket` renames a symbolic link and loses nothing; `reload` rewrites the upstream, and may reset kept connections.")
	}).describe("What stands before the slots and moves traffic between them.");
}));
// src/config/service.ts
function areDistinct(ports) {
	const taken = Object.values(ports).filter((port) => port !== void 0);
	return new Set(taken).size === taken.length;
}
var EnvName, EnvValue, Env, Ports, Health, ServiceConfig;
var init_service = __esmMin((() => {
	init_zod();
	init_duration();
	init_later();
	init_placed();
	init_size();
	init_traffic();
	init_hosting();
	init_words();
	EnvName = string({ error: "the name of an environment variable" }).regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/).refine((name) => name !== "PORT" && !name.startsWith("SALLYPORT_"), { error: "is set by Sallyport itself" });
	EnvValue = codec(union([
		string(),
		number(),
		boolean()
	], "a string, a number, true or false"), string(), {
		decode: String,
		encode: (text) => text
	});
	Env = section({
		clear: record(EnvName, EnvValue).default({}).describe("Variables that anyone who reads the repository may know."),
		secret: array(EnvName).default([]).describe("Names of variables whose values come from the host (`env_root`).")
	}).describe("The environment of `build`, `test`, `run` and `smoke`.");
	Ports = section({
		blue: Port,
		green: Port,
		canary: Port.optional()
	}).refine(areDistinct, { error: "the ports of two slots must differ" }).describe("The port that the program listens on in each slot.");
	Health = section({
		path: UrlPath.default("/").describe("Asked with GET on the slot."),
		status: int().min(100).max(599).default(200).describe("The status that means healthy."),
		interval: durationBetween("10ms", "10m").prefault("1s").describe("Between two probes."),
		timeout: durationBetween("10ms", "10m").prefault("2s").describe("For one probe."),
		rise: int().min(1).max(100).default(2).describe("Good probes in a row that make it healthy."),
		fall: int().min(1).max(100).default(3).describe("Bad probes in a row that make it unhealthy."),
		deadline: durationBetween("10ms", "1d").prefault("60s").describe("A new slot that is not healthy by then has failed."),
		version: section({
			path: UrlPath.describe("Asked with GET on the slot."),
			equals: string().min(1).default("{version}").describe("What the answer must be, without white space around it.")
		}).optional().describe("Refuses a slot that answers as another release.")
	}).describe("When a slot may have traffic.");
	ServiceConfig = section({
		kind: literal$1("service"),
		path: RelativePath.default(".").describe("Working directory inside the repository."),
		build: Argv$1.optional().describe("Makes the release, in the release directory."),
		test: Argv$1.optional().describe("Must succeed before the program is started."),
		run: Argv$1.describe("The program. It listens on the port in PORT."),
		env: Env.prefault({}),
		ports: Ports,
		health: Health.prefault({}),
		smoke: Argv$1.optional().describe("Must succeed before traffic moves; gets the address of the new slot in SALLYPORT_URL."),
		promotion: _enum(["auto", "manual"]).default("auto").describe("`auto`: traffic moves as soon as the new slot is healthy; `manual`: a person moves it, with `/switch`."),
		canary: Canary.optional(),
		preview: Preview.optional(),
		watch: Watch.prefault({}),
		liveness: Liveness.prefault({}),
		drain: durationBetween("0s", "1d").prefault("30s").describe("How long requests of the old slot may take to finish; it then stays warm."),
		keep: int().min(2).max(1e3).default(5).describe("Releases kept on the disk."),
		keep_size: Size.optional().describe("What the kept releases may take of the disk together; older ones go first. Absent: any."),
		share: array(RelativePath).max(20).default([]).describe("Folders that a build fills, such as node_modules: a new release begins with those of the last one, by reflink where the file system can, else as copies."),
		init: _enum([
			"systemd",
			"systemd-user",
			"process"
		]).default("process").describe("What starts and stops the program."),
		socket: boolean().default(false).describe("The program listens on the Unix socket in SALLYPORT_SOCKET, not on a port."),
		notify: boolean().default(false).describe("The program tells systemd that it is ready (`Type=notify`)."),
		limits: Limits.prefault({}),
		sandbox: boolean().default(true).describe("With systemd: it may write to its own folders only, and gains no privileges."),
		writable: array(AbsolutePath).max(50).default([]).describe("With `sandbox`: folders that it may write to all the same."),
		proxy: ProxySection,
		...placed
	}).describe("A program that runs in blue/green slots behind a proxy.");
}));
// src/config/command.ts
var Argv, ExitCode, Timeout, Program, PlanProgram, CommandConfig;
var init_command = __esmMin((() => {
	init_zod();
	init_duration();
	init_later();
	init_placed();
	init_placeholders();
	init_service();
	init_words();
	Argv = argvWith(commandPlaceholders);
	ExitCode = int().min(0).max(255);
	Timeout = durationBetween("1s", "1d").prefault("30m").describe("It is then interrupted, and has failed.");
	Program = section({
		run: Argv,
		timeout: Timeout
	});
	PlanProgram = section({
		run: Argv.describe("Finds out what would change and changes nothing; may write `{plan_file}`."),
		timeout: Timeout,
		unchanged: array(ExitCode).default([0]).describe("Exit codes that mean: nothing to change. One that is in both lists: read the JSON."),
		changed: array(ExitCode).default([2]).describe("Exit codes that mean: there are changes. Any other code is a failure."),
		show: Argv.optional().describe("Prints the plan as JSON; absent: `run` prints it."),
		format: _enum([
			"opentofu",
			"pulumi",
			"changes"
		]).default("changes").describe("`opentofu`: `tofu show -json`; `pulumi`: `pulumi preview --json`; `changes`: ours.")
	}).describe("What would change.");
	CommandConfig = section({
		kind: literal$1("command"),
		path: RelativePath.default(".").describe("Working directory inside the repository."),
		env: Env.prefault({}).describe("The environment of all of its programs."),
		prepare: Program.optional().describe("Runs once in a new release directory, before everything else: `tofu init`, `npm ci`."),
		plan: PlanProgram,
		apply: Program.describe("Applies exactly the plan in `{plan_file}`."),
		verify: Program.optional().describe("Must succeed afterwards, and at every reconcile."),
		rollback: Program.optional().describe("Undoes what `apply` did, also when run twice; absent: a person must."),
		outputs: Program.optional().describe("Prints a JSON object: kept for later targets and status."),
		...placed
	}).describe("Programs that plan, apply, verify and roll back whatever they manage.");
}));
// src/config/comments.ts
var Comments;
var init_comments = __esmMin((() => {
	init_zod();
	init_later();
	init_words();
	Comments = section({
		bots: array(string().min(1).max(100)).default([]).describe("Bots whose comments may hold commands: `renovate[bot]`. All others are passed over."),
		labels: boolean().default(false).describe("A pull request carries `deployed: ENV` where it runs."),
		templates: section({
			deployment: RelativePath.optional().describe("Of the answer to a command that deploys."),
			refusal: RelativePath.optional().describe("Of the answer where a command is refused.")
		}).prefault({}).describe("Markdown files of the default branch with {{names}}; data only, no code.")
	}).describe("How Sallyport talks in pull requests.");
}));
// src/config/check-request.ts
var HttpRequest;
var init_check_request = __esmMin((() => {
	init_zod();
	init_duration();
	init_later();
	HttpRequest = section({
		method: _enum([
			"GET",
			"POST",
			"PUT",
			"PATCH"
		]).default("GET"),
		url: url$1({
			protocol: /^https?$/,
			error: "an address such as http://127.0.0.1:8080/reload"
		}).describe("`{environment}` is replaced."),
		status: int().min(100).max(599).default(200).describe("The status that means success."),
		timeout: durationBetween("10ms", "10m").prefault("10s").describe("For one answer.")
	});
}));
// src/config/files.ts
/** Names and stars, with one slash between them; one at the end means: all that is in it. */
function isPlain(pattern) {
	const parts = pattern.replace(/\/$/, "").split("/");
	return staysBelow(pattern) && parts.every((part) => part !== "" && part !== ".");
}
function staysBelow(path) {
	return !path.includes("\0") && !path.split("/").includes("..");
}
var FieldPath, FilePattern, Resource, Reload, Verify, FilesConfig;
var init_files$1 = __esmMin((() => {
	init_zod();
	init_check_request();
	init_duration();
	init_later();
	init_placed();
	init_words();
	FieldPath = /^[^\s[\].]+(?:\[(?:\d+|\*|-)\])*(?:\.[^\s[\].]+(?:\[(?:\d+|\*|-)\])*)*$/;
	FilePattern = string({ error: "a pattern of paths below the destination, such as cache/**" }).min(1).max(255).refine(isPlain, { error: "must stay below the destination" });
	Resource = section({
		match: Patterns.describe("Files, relative to the destination: `layers/*.yaml`."),
		type: Name.describe("What a plan calls them: Layer."),
		key: string().min(1).max(255).default("name").describe("The field that names a resource."),
		breaking: array(string().max(255).regex(FieldPath, { error: "removed, or a path such as fields[2].type" })).default([]).describe("`removed`; the path of a field whose change breaks its users (`type`), or of something in which nothing may go (`fields[-]`). Where there is any, a type that gets narrower breaks too.")
	}).describe("How a file is read as resources, so that a plan speaks of them and not of lines.");
	Reload = union([
		section({ http: HttpRequest }),
		section({ signal: section({
			unit: Name.describe("The target of the kind `service` whose program gets it."),
			name: _enum([
				"SIGHUP",
				"SIGUSR1",
				"SIGUSR2",
				"SIGWINCH",
				"SIGINT",
				"SIGTERM"
			]).default("SIGHUP")
		}) }),
		section({
			command: Argv$1.describe("Must end with 0; runs in the new directory."),
			timeout: durationBetween("10ms", "1h").prefault("1m")
		})
	], { error: "one of http, signal and command" });
	Verify = union([section({
		http: HttpRequest,
		deadline: durationBetween("0s", "1h").prefault("30s").describe("How long it may take to answer so.")
	}), section({
		command: Argv$1,
		timeout: durationBetween("10ms", "1h").prefault("1m")
	})], { error: "one of http and command" });
	FilesConfig = section({
		kind: literal$1("files"),
		source: RelativePath.describe("Folder in the repository; `{environment}` is replaced."),
		common: RelativePath.optional().describe("Laid under the environment's own files."),
		destination: AbsolutePath.refine(staysBelow, { error: "may not hold `..`" }).describe("Where it goes; a symbolic link that Sallyport switches. `{environment}` is replaced."),
		keep: array(FilePattern).default([]).describe("What the program writes there: it survives every switch."),
		prune: boolean().default(true).describe("`false`: what Git does not know stays."),
		max_bytes: int().min(1).default(67108864).describe("A larger file is refused."),
		resources: array(Resource).default([]).describe("Files that a plan reads as resources rather than as lines."),
		reload: Reload.optional().describe("Makes the program read its files again."),
		verify: Verify.optional().describe("Must hold afterwards, and at every reconcile."),
		backups: int().min(1).max(1e3).default(5).describe("Earlier directories kept on the disk."),
		...placed
	}).describe("A directory on a host, swapped atomically, then a reload without restart.");
}));
// src/config/repository.ts
var EnrolledAgent, TargetConfig, RepositoryConfig;
var init_repository = __esmMin((() => {
	init_zod();
	init_command();
	init_comments();
	init_environment();
	init_files$1();
	init_later();
	init_service();
	init_words();
	EnrolledAgent = section({
		key: KeyText.describe("As `sallyport agent keygen` prints it."),
		environments: array(Name).min(1, { error: "at least one environment" }).describe("The environments that it may speak for."),
		roles: array(Name).default([]).describe("Targets with `roles` go to hosts that have one.")
	}).describe("A host, enrolled by a reviewed pull request.");
	TargetConfig = discriminatedUnion("kind", [
		ServiceConfig,
		FilesConfig,
		CommandConfig
	]);
	RepositoryConfig = section({
		version: literal$1(1).describe("Of this format."),
		targets: mapOf(TargetConfig).prefault({}).describe("What there is to deploy, by name."),
		agents: mapOf(EnrolledAgent).prefault({}).describe("The hosts, by name."),
		environments: mapOf(Environment$1).prefault({}).describe("Where it goes, by name."),
		comments: Comments.prefault({})
	}).describe("Sallyport in a repository: .github/sallyport.yml");
}));
// src/config/override.ts
/**
* A target with the parts that an environment has different: maps are merged at every depth,
* anything else is replaced. What comes out is checked as if it stood in the file.
*/
function applyOverride(target, override) {
	if (override === void 0) return {
		ok: true,
		config: target
	};
	const checked = check(TargetConfig, merge(TargetConfig.encode(target), override));
	return checked.ok ? {
		ok: true,
		config: checked.value
	} : {
		ok: false,
		why: checked.problems.map(({ message }) => message).join(" ")
	};
}
function merge(base, change) {
	if (!isMap$2(base) || !isMap$2(change)) return change;
	const merged = new Map(Object.entries(base));
	for (const [key, value] of Object.entries(change)) if (value !== void 0) merged.set(key, merge(merged.get(key), value));
	return Object.fromEntries(merged);
}
/** A map of YAML, as opposed to a list or a word. */
function isMap$2(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
var init_override = __esmMin((() => {
	init_issues();
	init_repository();
}));
// src/config/permit-problems.ts
function unknownEnvironment(name, policy) {
	const known = Object.keys(policy.environments);
	const meant = nearest(name, known);
	return {
		code: "unknown_environment",
		reason: "not_allowed_here",
		message: `There is no environment ${name}; the default branch has ${known.join(", ") || "none"}`,
		hint: meant === void 0 ? "Add it on the default branch." : `Did you mean ${meant}?`
	};
}
function noTargets(name) {
	return {
		code: "no_targets",
		reason: "target_missing",
		message: `The commit declares no target for ${name}`,
		hint: "Add one under `targets` and check it with: sallyport validate"
	};
}
function targetMissing(name, target) {
	return {
		code: "target_missing",
		reason: "target_missing",
		message: `${name} takes the target ${target}, which the commit does not declare`,
		hint: `Declare ${target} in the commit, or take it out of environments.${name}.targets on the default branch.`
	};
}
function kindNotPermitted(name, target, kind, found) {
	return {
		code: "kind_not_permitted",
		reason: "kind_not_permitted",
		message: `${name} takes ${target} as ${kind}, and the commit declares it as ${found}`,
		hint: `Change the kind in environments.${name}.targets on the default branch.`
	};
}
function overrideInvalid(name, target, why) {
	return {
		code: "override_invalid",
		reason: "config_invalid",
		message: `With what ${name} overrides, ${target} is not valid: ${why}`,
		hint: `Correct environments.${name}.override.${target} on the default branch.`
	};
}
function noHost(name, target, roles) {
	return {
		code: "no_host_for_roles",
		reason: "not_allowed_here",
		message: `No host of ${name} has a role of ${target} (${roles.join(", ")})`,
		hint: "Give a host one of these roles under `agents` on the default branch."
	};
}
function noAgent(name) {
	return {
		code: "no_agent",
		reason: "not_allowed_here",
		message: `No agent is enrolled for ${name}`,
		hint: "On the host: sallyport agent keygen; then merge the line that it prints into `agents`."
	};
}
function ambiguousHosts(name, hosts) {
	return {
		code: "ambiguous_hosts",
		reason: "not_allowed_here",
		message: `Several agents are enrolled for ${name} (${hosts.join(", ")}), and it does not say which take part`,
		hint: `Name them, in their order, in environments.${name}.hosts on the default branch.`
	};
}
function unknownHost(name, host) {
	return {
		code: "unknown_host",
		reason: "not_allowed_here",
		message: `${name} names the host ${host}, which is not enrolled for it`,
		hint: `On ${host}: sallyport agent keygen; then merge the line that it prints into \`agents\`.`
	};
}
var init_permit_problems = __esmMin((() => {
	init_nearest();
}));
// src/config/roster.ts
/**
* The hosts that take part in an environment's deployments: those that it names, or else the one
* agent that is enrolled for it. A host is never guessed.
*/
function rosterOf(name, environment, agents) {
	const enrolled = Object.keys(agents).filter((host) => agents[host].environments.includes(name));
	const named = environment.hosts === void 0 ? enrolled : [...new Set(environment.hosts)];
	const problems = environment.hosts === void 0 ? guessing(name, enrolled) : named.filter((host) => !enrolled.includes(host)).map((host) => unknownHost(name, host));
	if (problems.length > 0) return {
		roster: [],
		problems
	};
	return {
		roster: named.map((host) => ({
			name: host,
			key: agents[host].key
		})),
		problems: []
	};
}
function guessing(name, enrolled) {
	if (enrolled.length === 1) return [];
	return [enrolled.length === 0 ? noAgent(name) : ambiguousHosts(name, enrolled)];
}
var init_roster = __esmMin((() => {
	init_permit_problems();
}));
// src/config/permit.ts
/**
* What a commit deploys to an environment: `environments` and `agents` count as the default
* branch (`policy`) has them, targets as the commit declares them, held against what the
* policy permits. Pure: the App and every host come to the same answer.
*/
function resolveTargets(asked) {
	const { policy, commit, environment: name } = asked;
	const environment = policy.environments[name];
	if (!environment) return refuse([unknownEnvironment(name, policy)]);
	const { roster, problems: hostProblems } = rosterOf(name, environment, policy.agents);
	const permitted = permittedTargets(name, environment, commit);
	const problems = [...hostProblems, ...permitted.problems];
	const targets = [];
	for (const target of permitted.names) {
		const merged = applyOverride(commit.targets[target], environment.override[target]);
		if (!merged.ok) {
			problems.push(overrideInvalid(name, target, merged.why));
			continue;
		}
		const { kind, wave, roles } = merged.config;
		const hosts = roster.filter((host) => hasRole(roles, policy.agents[host.name]?.roles ?? []));
		if (hosts.length === 0 && hostProblems.length === 0) problems.push(noHost(name, target, roles));
		targets.push({
			name: target,
			kind,
			wave,
			hosts: hosts.map((host) => host.name),
			config: merged.config
		});
	}
	if (problems.length > 0) return refuse(problems);
	const left = Object.keys(commit.targets).filter((target) => !permitted.names.includes(target));
	return {
		ok: true,
		targets: targets.toSorted((a, b) => a.wave - b.wave),
		roster,
		left
	};
}
function permittedTargets(name, environment, commit) {
	const declared = Object.keys(commit.targets);
	const permitted = environment.targets;
	if (!permitted) return {
		names: declared,
		problems: declared.length === 0 ? [noTargets(name)] : []
	};
	const problems = permitted.flatMap(({ name: target, kind }) => {
		const found = commit.targets[target];
		if (!found) return [targetMissing(name, target)];
		return kind === null || found.kind === kind ? [] : [kindNotPermitted(name, target, kind, found.kind)];
	});
	const wanted = new Set(permitted.map((target) => target.name));
	return {
		names: declared.filter((target) => wanted.has(target)),
		problems
	};
}
/** A target without roles goes to every host. */
function hasRole(wanted, had) {
	return wanted.length === 0 || wanted.some((role) => had.includes(role));
}
function refuse(problems) {
	return {
		ok: false,
		problems
	};
}
var init_permit = __esmMin((() => {
	init_override();
	init_permit_problems();
	init_roster();
}));
// src/config/proxies.ts
var folder$1, argv, Nginx, Haproxy, Caddy, Builtin, Proxies;
var init_proxies = __esmMin((() => {
	init_zod();
	init_later();
	init_words();
	folder$1 = (path, what) => AbsolutePath.default(path).describe(what);
	argv = (words, what) => Argv$1.default(words).describe(what);
	Nginx = section({
		folder: folder$1("/etc/nginx/conf.d", "Where our file goes; nginx includes it."),
		check: argv(["nginx", "-t"], "Checks the whole configuration."),
		reload: argv([
			"systemctl",
			"reload",
			"nginx"
		], "Makes it read its configuration again.")
	}).describe("nginx on this host.");
	Haproxy = section({
		socket: folder$1("/run/haproxy/admin.sock", "Its stats socket, `level admin`."),
		folder: folder$1("/etc/haproxy/sallyport", "Where our file goes; haproxy is started with `-f` of it."),
		check: argv([
			"haproxy",
			"-c",
			"-f",
			"/etc/haproxy/haproxy.cfg",
			"-f",
			"/etc/haproxy/sallyport"
		], "Checks the whole configuration."),
		reload: argv([
			"systemctl",
			"reload",
			"haproxy"
		], "Makes it read its configuration again.")
	}).describe("HAProxy on this host.");
	Caddy = section({ admin: url$1({
		protocol: /^http$/,
		error: "an address such as http://127.0.0.1:2019"
	}).default("http://127.0.0.1:2019").describe("Its admin API.") }).describe("Caddy on this host.");
	Builtin = section({
		metrics: int().min(1).max(65535).optional().describe("A port of 127.0.0.1 where Prometheus finds its counters at /metrics."),
		access_log: boolean().default(true).describe("One line a request, in the state folder.")
	}).describe("The embedded proxy.");
	Proxies = section({
		nginx: Nginx.prefault({}),
		haproxy: Haproxy.prefault({}),
		caddy: Caddy.prefault({}),
		builtin: Builtin.prefault({})
	}).describe("What a driver must know of the proxies on this host.");
}));
// src/config/agent.ts
/** An origin from which nothing can come here would be waited for in vain. */
function whyNobodyStarts({ github, url }, origins) {
	if (github !== void 0 && origins?.includes("git")) return `cannot have git beside source.github, where the App starts what is pushed; without an App, follow source: { git: "${url}/${github}.git" }`;
	if (github === void 0 && origins?.every((origin) => origin === "app")) return "needs git or operator: the App signs jobs only where there is source.github";
	return null;
}
function isOneSource(source) {
	return [
		source.github,
		source.git,
		source.directory
	].filter((one) => one !== void 0).length === 1;
}
var EnvironmentNames, Source, Allow, TrustedKey, Trust;
var init_agent = __esmMin((() => {
	init_zod();
	init_duration();
	init_environment();
	init_later();
	init_proxies();
	init_size();
	init_words();
	EnvironmentNames = array(Name).min(1, { error: "at least one environment" });
	Source = section({
		git: string({ error: "the address of a Git repository" }).min(1).max(2048).optional().describe("Any Git remote, over HTTPS or SSH."),
		branch: string().min(1).max(255).default("main").describe("Of a `git` source: policy and head."),
		directory: AbsolutePath.optional().describe("A folder on this machine, for local work."),
		github: string({ error: "a repository such as acme/shop" }).regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/).optional().describe("The repository: owner/name."),
		url: url$1({
			protocol: /^https?$/,
			error: "an address such as https://github.example.org"
		}).refine((url) => !/[?#@]|\/$/.test(url), { error: "must have no user, query, fragment or final slash" }).default("https://github.com").describe("Another GitHub than github.com."),
		credentials: section({
			token_file: AbsolutePath.optional().describe("A file, readable by the agent only, with a token."),
			ssh_key: AbsolutePath.optional().describe("A private key for a `git` source over SSH."),
			known_hosts: AbsolutePath.optional().describe("The keys of its SSH servers.")
		}).optional().describe("Absent: SALLYPORT_GITHUB_TOKEN.")
	}).refine(isOneSource, { error: "needs exactly one of github, git and directory" }).describe("Where jobs and commits come from.");
	Allow = section({
		origins: array(_enum([
			"app",
			"git",
			"operator"
		])).min(1).optional().describe("Whose word starts a deployment: `app` (signed jobs), `git` (what is pushed), `operator` (people on this host). Absent: app where there is GitHub, else git and operator."),
		kinds: array(_enum(kinds$1)).default([...kinds$1]).describe("Kinds of target."),
		paths: array(AbsolutePath).default([]).describe("Folders outside its own state that targets may write to.")
	}, ["run_as"]).describe("The host's own word; it is final.");
	TrustedKey = section({
		id: Name.describe("What people call the key."),
		key: KeyText.describe("As `sallyport app keygen` prints it."),
		environments: EnvironmentNames.describe("The environments that it may sign jobs for.")
	});
	Trust = section({ keys: array(TrustedKey).min(1, { error: "at least one key" }) }, ["signers"]).describe("Whose jobs this host runs.");
	section({
		name: Name.describe("The host's name in the repository's `agents`."),
		environments: EnvironmentNames.describe("The environments that this host serves."),
		source: Source,
		poll: durationBetween("2s", "1h").optional().describe("Between two looks for jobs. Absent: 10s; 30s for `git`, 2s for `directory`."),
		state: AbsolutePath.default("/var/lib/sallyport").describe("Where the agent keeps its files."),
		env_root: AbsolutePath.default("/etc/sallyport/env").describe("Where the files with secret variables are."),
		allow: Allow.prefault({}),
		trust: Trust.optional(),
		notify: boolean().optional().describe("This host tells what `notify` in the policy names. Absent: only where there is no GitHub; else the App does."),
		reconcile: durationBetween("10s", "1d").prefault("5m").describe("Between two comparisons of what is there with what was deployed."),
		liveness: durationBetween("1s", "1h").prefault("5s").describe("Between two looks whether services and their proxies are as they should be."),
		free: Size.prefault("512M").describe("Free space on the disk of `state` without which nothing new is deployed."),
		proxies: Proxies.prefault({}),
		upgrade: section({ keys: array(KeyText).default([]).describe("Whose packages `sallyport agent upgrade` takes, as they print their public key.") }).prefault({}).describe("Which new versions of Sallyport may come here.")
	}, ["app"]).superRefine(({ source, allow }, context) => {
		const message = whyNobodyStarts(source, allow.origins);
		if (message) context.addIssue({
			code: "custom",
			path: ["allow", "origins"],
			message
		});
	}).describe("Sallyport on a host: /etc/sallyport/agent.yml");
}));
// src/config/partial.ts
/** A schema that takes any part of what `schema` takes, without filling in defaults. */
function deepPartial(schema) {
	return partial(schema);
}
function partial(schema) {
	if (schema instanceof ZodDefault || schema instanceof ZodPrefault || schema instanceof ZodOptional) return partial(schema.unwrap());
	if (schema instanceof ZodObject) {
		const shape = Object.entries(schema.shape).map(([key, value]) => [key, partial(value).optional()]);
		return section(Object.fromEntries(shape), laterKeysOf(schema));
	}
	if (schema instanceof ZodCodec) return partial(schema.def.in);
	return schema;
}
var init_partial = __esmMin((() => {
	init_zod();
	init_later();
}));
// src/config/override-problems.ts
/**
* What is wrong with overrides of targets that the same file declares: only there the kind is
* known. `file` is whatever stood in the file.
*/
function overrideProblems(file) {
	const targets = mapAt(file, "targets");
	const environments = Object.entries(mapAt(file, "environments")).flatMap(([name, environment]) => {
		const parts = partsOf$1(mapAt(environment, "override"), targets);
		return parts.length === 0 ? [] : [[name, within("override", parts)]];
	});
	if (environments.length === 0) return [];
	const checked = check(within("environments", environments), file);
	return checked.ok ? [] : checked.problems;
}
function partsOf$1(override, targets) {
	return Object.keys(override).flatMap((target) => {
		const kind = mapAt(targets, target)["kind"];
		const schema = Object.entries(targetParts).find(([name]) => name === kind)?.[1];
		return schema && isMap$2(override[target]) ? [[target, schema]] : [];
	});
}
/** A map in which these entries of the map under `key` are looked at, and nothing else. */
function within(key, entries) {
	return looseObject({ [key]: looseObject(Object.fromEntries(entries)) });
}
function mapAt(value, key) {
	const inner = isMap$2(value) && Object.hasOwn(value, key) ? value[key] : void 0;
	return isMap$2(inner) ? inner : {};
}
var targetParts;
var init_override_problems = __esmMin((() => {
	init_zod();
	init_command();
	init_files$1();
	init_issues();
	init_override();
	init_partial();
	init_service();
	targetParts = {
		service: deepPartial(ServiceConfig),
		files: deepPartial(FilesConfig),
		command: deepPartial(CommandConfig)
	};
}));
// node_modules/yaml/dist/nodes/identity.js
var require_identity = /* @__PURE__ */ __commonJSMin(((exports) => {
	const ALIAS = Symbol.for("yaml.alias");
	const DOC = Symbol.for("yaml.document");
	const MAP = Symbol.for("yaml.map");
	const PAIR = Symbol.for("yaml.pair");
	const SCALAR = Symbol.for("yaml.scalar");
	const SEQ = Symbol.for("yaml.seq");
	const NODE_TYPE = Symbol.for("yaml.node.type");
	const isAlias = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === ALIAS;
	const isDocument = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === DOC;
	const isMap = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === MAP;
	const isPair = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === PAIR;
	const isScalar = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === SCALAR;
	const isSeq = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === SEQ;
	function isCollection(node) {
		if (node && typeof node === "object") switch (node[NODE_TYPE]) {
			case MAP:
			case SEQ: return true;
		}
		return false;
	}
	function isNode(node) {
		if (node && typeof node === "object") switch (node[NODE_TYPE]) {
			case ALIAS:
			case MAP:
			case SCALAR:
			case SEQ: return true;
		}
		return false;
	}
	const hasAnchor = (node) => (isScalar(node) || isCollection(node)) && !!node.anchor;
	exports.ALIAS = ALIAS;
	exports.DOC = DOC;
	exports.MAP = MAP;
	exports.NODE_TYPE = NODE_TYPE;
	exports.PAIR = PAIR;
	exports.SCALAR = SCALAR;
	exports.SEQ = SEQ;
	exports.hasAnchor = hasAnchor;
	exports.isAlias = isAlias;
	exports.isCollection = isCollection;
	exports.isDocument = isDocument;
	exports.isMap = isMap;
	exports.isNode = isNode;
	exports.isPair = isPair;
	exports.isScalar = isScalar;
	exports.isSeq = isSeq;
}));
// node_modules/yaml/dist/visit.js
var require_visit = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	const BREAK = Symbol("break visit");
	const SKIP = Symbol("skip children");
	const REMOVE = Symbol("remove node");
	/**
	* Apply a visitor to an AST node or document.
	*
	* Walks through the tree (depth-first) starting from `node`, calling a
	* `visitor` function with three arguments:
	*   - `key`: For sequence values and map `Pair`, the node's index in the
	*     collection. Within a `Pair`, `'key'` or `'value'`, correspondingly.
	*     `null` for the root node.
	*   - `node`: The current node.
	*   - `path`: The ancestry of the current node.
	*
	* The return value of the visitor may be used to control the traversal:
	*   - `undefined` (default): Do nothing and continue
	*   - `visit.SKIP`: Do not visit the children of this node, continue with next
	*     sibling
	*   - `visit.BREAK`: Terminate traversal completely
	*   - `visit.REMOVE`: Remove the current node, then continue with the next one
	*   - `Node`: Replace the current node, then continue by visiting it
	*   - `number`: While iterating the items of a sequence or map, set the index
	*     of the next step. This is useful especially if the index of the current
	*     node has changed.
	*
	* If `visitor` is a single function, it will be called with all values
	* encountered in the tree, including e.g. `null` values. Alternatively,
	* separate visitor functions may be defined for each `Map`, `Pair`, `Seq`,
	* `Alias` and `Scalar` node. To define the same visitor function for more than
	* one node type, use the `Collection` (map and seq), `Value` (map, seq & scalar)
	* and `Node` (alias, map, seq & scalar) targets. Of all these, only the most
	* specific defined one will be used for each node.
	*/
	function visit(node, visitor) {
		const visitor_ = initVisitor(visitor);
		if (identity.isDocument(node)) {
			if (visit_(null, node.contents, visitor_, Object.freeze([node])) === REMOVE) node.contents = null;
		} else visit_(null, node, visitor_, Object.freeze([]));
	}
	/** Terminate visit traversal completely */
	visit.BREAK = BREAK;
	/** Do not visit the children of the current node */
	visit.SKIP = SKIP;
	/** Remove the current node */
	visit.REMOVE = REMOVE;
	function visit_(key, node, visitor, path) {
		const ctrl = callVisitor(key, node, visitor, path);
		if (identity.isNode(ctrl) || identity.isPair(ctrl)) {
			replaceNode(key, path, ctrl);
			return visit_(key, ctrl, visitor, path);
		}
		if (typeof ctrl !== "symbol") {
			if (identity.isCollection(node)) {
				path = Object.freeze(path.concat(node));
				for (let i = 0; i < node.items.length; ++i) {
					const ci = visit_(i, node.items[i], visitor, path);
					if (typeof ci === "number") i = ci - 1;
					else if (ci === BREAK) return BREAK;
					else if (ci === REMOVE) {
						node.items.splice(i, 1);
						i -= 1;
					}
				}
			} else if (identity.isPair(node)) {
				path = Object.freeze(path.concat(node));
				const ck = visit_("key", node.key, visitor, path);
				if (ck === BREAK) return BREAK;
				else if (ck === REMOVE) node.key = null;
				const cv = visit_("value", node.value, visitor, path);
				if (cv === BREAK) return BREAK;
				else if (cv === REMOVE) node.value = null;
			}
		}
		return ctrl;
	}
	/**
	* Apply an async visitor to an AST node or document.
	*
	* Walks through the tree (depth-first) starting from `node`, calling a
	* `visitor` function with three arguments:
	*   - `key`: For sequence values and map `Pair`, the node's index in the
	*     collection. Within a `Pair`, `'key'` or `'value'`, correspondingly.
	*     `null` for the root node.
	*   - `node`: The current node.
	*   - `path`: The ancestry of the current node.
	*
	* The return value of the visitor may be used to control the traversal:
	*   - `Promise`: Must resolve to one of the following values
	*   - `undefined` (default): Do nothing and continue
	*   - `visit.SKIP`: Do not visit the children of this node, continue with next
	*     sibling
	*   - `visit.BREAK`: Terminate traversal completely
	*   - `visit.REMOVE`: Remove the current node, then continue with the next one
	*   - `Node`: Replace the current node, then continue by visiting it
	*   - `number`: While iterating the items of a sequence or map, set the index
	*     of the next step. This is useful especially if the index of the current
	*     node has changed.
	*
	* If `visitor` is a single function, it will be called with all values
	* encountered in the tree, including e.g. `null` values. Alternatively,
	* separate visitor functions may be defined for each `Map`, `Pair`, `Seq`,
	* `Alias` and `Scalar` node. To define the same visitor function for more than
	* one node type, use the `Collection` (map and seq), `Value` (map, seq & scalar)
	* and `Node` (alias, map, seq & scalar) targets. Of all these, only the most
	* specific defined one will be used for each node.
	*/
	async function visitAsync(node, visitor) {
		const visitor_ = initVisitor(visitor);
		if (identity.isDocument(node)) {
			if (await visitAsync_(null, node.contents, visitor_, Object.freeze([node])) === REMOVE) node.contents = null;
		} else await visitAsync_(null, node, visitor_, Object.freeze([]));
	}
	/** Terminate visit traversal completely */
	visitAsync.BREAK = BREAK;
	/** Do not visit the children of the current node */
	visitAsync.SKIP = SKIP;
	/** Remove the current node */
	visitAsync.REMOVE = REMOVE;
	async function visitAsync_(key, node, visitor, path) {
		const ctrl = await callVisitor(key, node, visitor, path);
		if (identity.isNode(ctrl) || identity.isPair(ctrl)) {
			replaceNode(key, path, ctrl);
			return visitAsync_(key, ctrl, visitor, path);
		}
		if (typeof ctrl !== "symbol") {
			if (identity.isCollection(node)) {
				path = Object.freeze(path.concat(node));
				for (let i = 0; i < node.items.length; ++i) {
					const ci = await visitAsync_(i, node.items[i], visitor, path);
					if (typeof ci === "number") i = ci - 1;
					else if (ci === BREAK) return BREAK;
					else if (ci === REMOVE) {
						node.items.splice(i, 1);
						i -= 1;
					}
				}
			} else if (identity.isPair(node)) {
				path = Object.freeze(path.concat(node));
				const ck = await visitAsync_("key", node.key, visitor, path);
				if (ck === BREAK) return BREAK;
				else if (ck === REMOVE) node.key = null;
				const cv = await visitAsync_("value", node.value, visitor, path);
				if (cv === BREAK) return BREAK;
				else if (cv === REMOVE) node.value = null;
			}
		}
		return ctrl;
	}
	function initVisitor(visitor) {
		if (typeof visitor === "object" && (visitor.Collection || visitor.Node || visitor.Value)) return Object.assign({
			Alias: visitor.Node,
			Map: visitor.Node,
			Scalar: visitor.Node,
			Seq: visitor.Node
		}, visitor.Value && {
			Map: visitor.Value,
			Scalar: visitor.Value,
			Seq: visitor.Value
		}, visitor.Collection && {
			Map: visitor.Collection,
			Seq: visitor.Collection
		}, visitor);
		return visitor;
	}
	function callVisitor(key, node, visitor, path) {
		if (typeof visitor === "function") return visitor(key, node, path);
		if (identity.isMap(node)) return visitor.Map?.(key, node, path);
		if (identity.isSeq(node)) return visitor.Seq?.(key, node, path);
		if (identity.isPair(node)) return visitor.Pair?.(key, node, path);
		if (identity.isScalar(node)) return visitor.Scalar?.(key, node, path);
		if (identity.isAlias(node)) return visitor.Alias?.(key, node, path);
	}
	function replaceNode(key, path, node) {
		const parent = path[path.length - 1];
		if (identity.isCollection(parent)) parent.items[key] = node;
		else if (identity.isPair(parent)) {
			if (key === "key") parent.key = node;
			else parent.value = node;
		} else if (identity.isDocument(parent)) parent.contents = node;
		else {
			const pt = identity.isAlias(parent) ? "alias" : "scalar";
			throw new Error(`Cannot replace node with ${pt} parent`);
		}
	}
	exports.visit = visit;
	exports.visitAsync = visitAsync;
}));
// node_modules/yaml/dist/doc/directives.js
var require_directives = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var visit = require_visit();
	const escapeChars = {
		"!": "%21",
		",": "%2C",
		"[": "%5B",
		"]": "%5D",
		"{": "%7B",
		"}": "%7D"
	};
	const escapeTagName = (tn) => tn.replace(/[!,[\]{}]/g, (ch) => escapeChars[ch]);
	var Directives = class Directives {
		constructor(yaml, tags) {
			/**
			* The directives-end/doc-start marker `---`. If `null`, a marker may still be
			* included in the document's stringified representation.
			*/
			this.docStart = null;
			/** The doc-end marker `...`.  */
			this.docEnd = false;
			this.yaml = Object.assign({}, Directives.defaultYaml, yaml);
			this.tags = Object.assign({}, Directives.defaultTags, tags);
		}
		clone() {
			const copy = new Directives(this.yaml, this.tags);
			copy.docStart = this.docStart;
			return copy;
		}
		/**
		* During parsing, get a Directives instance for the current document and
		* update the stream state according to the current version's spec.
		*/
		atDocument() {
			const res = new Directives(this.yaml, this.tags);
			switch (this.yaml.version) {
				case "1.1":
					this.atNextDocument = true;
					break;
				case "1.2":
					this.atNextDocument = false;
					this.yaml = {
						explicit: Directives.defaultYaml.explicit,
						version: "1.2"
					};
					this.tags = Object.assign({}, Directives.defaultTags);
			}
			return res;
		}
		/**
		* @param onError - May be called even if the action was successful
		* @returns `true` on success
		*/
		add(line, onError) {
			if (this.atNextDocument) {
				this.yaml = {
					explicit: Directives.defaultYaml.explicit,
					version: "1.1"
				};
				this.tags = Object.assign({}, Directives.defaultTags);
				this.atNextDocument = false;
			}
			const parts = line.trim().split(/[ \t]+/);
			const name = parts.shift();
			switch (name) {
				case "%TAG": {
					if (parts.length !== 2) {
						onError(0, "%TAG directive should contain exactly two parts");
						if (parts.length < 2) return false;
					}
					const [handle, prefix] = parts;
					this.tags[handle] = prefix;
					return true;
				}
				case "%YAML": {
					this.yaml.explicit = true;
					if (parts.length !== 1) {
						onError(0, "%YAML directive should contain exactly one part");
						return false;
					}
					const [version] = parts;
					if (version === "1.1" || version === "1.2") {
						this.yaml.version = version;
						return true;
					} else {
						const isValid = /^\d+\.\d+$/.test(version);
						onError(6, `Unsupported YAML version ${version}`, isValid);
						return false;
					}
				}
				default:
					onError(0, `Unknown directive ${name}`, true);
					return false;
			}
		}
		/**
		* Resolves a tag, matching handles to those defined in %TAG directives.
		*
		* @returns Resolved tag, which may also be the non-specific tag `'!'` or a
		*   `'!local'` tag, or `null` if unresolvable.
		*/
		tagName(source, onError) {
			if (source === "!") return "!";
			if (source[0] !== "!") {
				onError(`Not a valid tag: ${source}`);
				return null;
			}
			if (source[1] === "<") {
				const verbatim = source.slice(2, -1);
				if (verbatim === "!" || verbatim === "!!") {
					onError(`Verbatim tags aren't resolved, so ${source} is invalid.`);
					return null;
				}
				if (source[source.length - 1] !== ">") onError("Verbatim tags must end with a >");
				return verbatim;
			}
			const [, handle, suffix] = source.match(/^(.*!)([^!]*)$/s);
			if (!suffix) onError(`The ${source} tag has no suffix`);
			const prefix = this.tags[handle];
			if (prefix) try {
				return prefix + decodeURIComponent(suffix);
			} catch (error) {
				onError(String(error));
				return null;
			}
			if (handle === "!") return source;
			onError(`Could not resolve tag: ${source}`);
			return null;
		}
		/**
		* Given a fully resolved tag, returns its printable string form,
		* taking into account current tag prefixes and defaults.
		*/
		tagString(tag) {
			for (const [handle, prefix] of Object.entries(this.tags)) if (tag.startsWith(prefix)) return handle + escapeTagName(tag.substring(prefix.length));
			return tag[0] === "!" ? tag : `!<${tag}>`;
		}
		toString(doc) {
			const lines = this.yaml.explicit ? [`%YAML ${this.yaml.version || "1.2"}`] : [];
			const tagEntries = Object.entries(this.tags);
			let tagNames;
			if (doc && tagEntries.length > 0 && identity.isNode(doc.contents)) {
				const tags = {};
				visit.visit(doc.contents, (_key, node) => {
					if (identity.isNode(node) && node.tag) tags[node.tag] = true;
				});
				tagNames = Object.keys(tags);
			} else tagNames = [];
			for (const [handle, prefix] of tagEntries) {
				if (handle === "!!" && prefix === "tag:yaml.org,2002:") continue;
				if (!doc || tagNames.some((tn) => tn.startsWith(prefix))) lines.push(`%TAG ${handle} ${prefix}`);
			}
			return lines.join("\n");
		}
	};
	Directives.defaultYaml = {
		explicit: false,
		version: "1.2"
	};
	Directives.defaultTags = { "!!": "tag:yaml.org,2002:" };
	exports.Directives = Directives;
}));
// node_modules/yaml/dist/doc/anchors.js
var require_anchors = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var visit = require_visit();
	/**
	* Verify that the input string is a valid anchor.
	*
	* Will throw on errors.
	*/
	function anchorIsValid(anchor) {
		if (/[\x00-\x19\s,[\]{}]/.test(anchor)) {
			const msg = `Anchor must not contain whitespace or control characters: ${JSON.stringify(anchor)}`;
			throw new Error(msg);
		}
		return true;
	}
	function anchorNames(root) {
		const anchors = /* @__PURE__ */ new Set();
		visit.visit(root, { Value(_key, node) {
			if (node.anchor) anchors.add(node.anchor);
		} });
		return anchors;
	}
	/** Find a new anchor name with the given `prefix` and a one-indexed suffix. */
	function findNewAnchor(prefix, exclude) {
		for (let i = 1;; ++i) {
			const name = `${prefix}${i}`;
			if (!exclude.has(name)) return name;
		}
	}
	function createNodeAnchors(doc, prefix) {
		const aliasObjects = [];
		const sourceObjects = /* @__PURE__ */ new Map();
		let prevAnchors = null;
		return {
			onAnchor: (source) => {
				aliasObjects.push(source);
				prevAnchors ?? (prevAnchors = anchorNames(doc));
				const anchor = findNewAnchor(prefix, prevAnchors);
				prevAnchors.add(anchor);
				return anchor;
			},
			/**
			* With circular references, the source node is only resolved after all
			* of its child nodes are. This is why anchors are set only after all of
			* the nodes have been created.
			*/
			setAnchors: () => {
				for (const source of aliasObjects) {
					const ref = sourceObjects.get(source);
					if (typeof ref === "object" && ref.anchor && (identity.isScalar(ref.node) || identity.isCollection(ref.node))) ref.node.anchor = ref.anchor;
					else {
						const error = /* @__PURE__ */ new Error("Failed to resolve repeated object (this should not happen)");
						error.source = source;
						throw error;
					}
				}
			},
			sourceObjects
		};
	}
	exports.anchorIsValid = anchorIsValid;
	exports.anchorNames = anchorNames;
	exports.createNodeAnchors = createNodeAnchors;
	exports.findNewAnchor = findNewAnchor;
}));
// node_modules/yaml/dist/doc/applyReviver.js
var require_applyReviver = /* @__PURE__ */ __commonJSMin(((exports) => {
	/**
	* Applies the JSON.parse reviver algorithm as defined in the ECMA-262 spec,
	* in section 24.5.1.1 "Runtime Semantics: InternalizeJSONProperty" of the
	* 2021 edition: https://tc39.es/ecma262/#sec-json.parse
	*
	* Includes extensions for handling Map and Set objects.
	*/
	function applyReviver(reviver, obj, key, val) {
		if (val && typeof val === "object") {
			if (Array.isArray(val)) for (let i = 0, len = val.length; i < len; ++i) {
				const v0 = val[i];
				const v1 = applyReviver(reviver, val, String(i), v0);
				if (v1 === void 0) delete val[i];
				else if (v1 !== v0) val[i] = v1;
			}
			else if (val instanceof Map) for (const k of Array.from(val.keys())) {
				const v0 = val.get(k);
				const v1 = applyReviver(reviver, val, k, v0);
				if (v1 === void 0) val.delete(k);
				else if (v1 !== v0) val.set(k, v1);
			}
			else if (val instanceof Set) for (const v0 of Array.from(val)) {
				const v1 = applyReviver(reviver, val, v0, v0);
				if (v1 === void 0) val.delete(v0);
				else if (v1 !== v0) {
					val.delete(v0);
					val.add(v1);
				}
			}
			else for (const [k, v0] of Object.entries(val)) {
				const v1 = applyReviver(reviver, val, k, v0);
				if (v1 === void 0) delete val[k];
				else if (v1 !== v0) val[k] = v1;
			}
		}
		return reviver.call(obj, key, val);
	}
	exports.applyReviver = applyReviver;
}));
// node_modules/yaml/dist/nodes/toJS.js
var require_toJS = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	/**
	* Recursively convert any node or its contents to native JavaScript
	*
	* @param value - The input value
	* @param arg - If `value` defines a `toJSON()` method, use this
	*   as its first argument
	* @param ctx - Conversion context, originally set in Document#toJS(). If
	*   `{ keep: true }` is not set, output should be suitable for JSON
	*   stringification.
	*/
	function toJS(value, arg, ctx) {
		if (Array.isArray(value)) return value.map((v, i) => toJS(v, String(i), ctx));
		if (value && typeof value.toJSON === "function") {
			if (!ctx || !identity.hasAnchor(value)) return value.toJSON(arg, ctx);
			const data = {
				aliasCount: 0,
				count: 1,
				res: void 0
			};
			ctx.anchors.set(value, data);
			ctx.onCreate = (res) => {
				data.res = res;
				delete ctx.onCreate;
			};
			const res = value.toJSON(arg, ctx);
			if (ctx.onCreate) ctx.onCreate(res);
			return res;
		}
		if (typeof value === "bigint" && !ctx?.keep) return Number(value);
		return value;
	}
	exports.toJS = toJS;
}));
// node_modules/yaml/dist/nodes/Node.js
var require_Node = /* @__PURE__ */ __commonJSMin(((exports) => {
	var applyReviver = require_applyReviver();
	var identity = require_identity();
	var toJS = require_toJS();
	var NodeBase = class {
		constructor(type) {
			Object.defineProperty(this, identity.NODE_TYPE, { value: type });
		}
		/** Create a copy of this node.  */
		clone() {
			const copy = Object.create(Object.getPrototypeOf(this), Object.getOwnPropertyDescriptors(this));
			if (this.range) copy.range = this.range.slice();
			return copy;
		}
		/** A plain JavaScript representation of this node. */
		toJS(doc, { mapAsMap, maxAliasCount, onAnchor, reviver } = {}) {
			if (!identity.isDocument(doc)) throw new TypeError("A document argument is required");
			const ctx = {
				anchors: /* @__PURE__ */ new Map(),
				doc,
				keep: true,
				mapAsMap: mapAsMap === true,
				mapKeyWarned: false,
				maxAliasCount: typeof maxAliasCount === "number" ? maxAliasCount : 100
			};
			const res = toJS.toJS(this, "", ctx);
			if (typeof onAnchor === "function") for (const { count, res } of ctx.anchors.values()) onAnchor(res, count);
			return typeof reviver === "function" ? applyReviver.applyReviver(reviver, { "": res }, "", res) : res;
		}
	};
	exports.NodeBase = NodeBase;
}));
// node_modules/yaml/dist/nodes/Alias.js
var require_Alias = /* @__PURE__ */ __commonJSMin(((exports) => {
	var anchors = require_anchors();
	var visit = require_visit();
	var identity = require_identity();
	var Node = require_Node();
	var toJS = require_toJS();
	var Alias = class extends Node.NodeBase {
		constructor(source) {
			super(identity.ALIAS);
			this.source = source;
			Object.defineProperty(this, "tag", { set() {
				throw new Error("Alias nodes cannot have tags");
			} });
		}
		/**
		* Resolve the value of this alias within `doc`, finding the last
		* instance of the `source` anchor before this node.
		*/
		resolve(doc, ctx) {
			if (ctx?.maxAliasCount === 0) throw new ReferenceError("Alias resolution is disabled");
			let nodes;
			if (ctx?.aliasResolveCache) nodes = ctx.aliasResolveCache;
			else {
				nodes = [];
				visit.visit(doc, { Node: (_key, node) => {
					if (identity.isAlias(node) || identity.hasAnchor(node)) nodes.push(node);
				} });
				if (ctx) ctx.aliasResolveCache = nodes;
			}
			let found = void 0;
			for (const node of nodes) {
				if (node === this) break;
				if (node.anchor === this.source) found = node;
			}
			if (found && ctx) {
				const { anchors, doc, maxAliasCount } = ctx;
				let data = anchors.get(found);
				if (!data) {
					toJS.toJS(found, null, ctx);
					data = anchors.get(found);
				}
				/* istanbul ignore if */
				if (data?.res === void 0) throw new ReferenceError("This should not happen: Alias anchor was not resolved?");
				if (maxAliasCount >= 0) {
					data.count += 1;
					if (data.aliasCount === 0) data.aliasCount = getAliasCount(doc, found, anchors);
					if (data.count * data.aliasCount > maxAliasCount) throw new ReferenceError("Excessive alias count indicates a resource exhaustion attack");
				}
			}
			return found;
		}
		toJSON(_arg, ctx) {
			if (!ctx) return { source: this.source };
			const source = this.resolve(ctx.doc, ctx);
			if (!source) {
				const msg = `Unresolved alias (the anchor must be set before the alias): ${this.source}`;
				throw new ReferenceError(msg);
			}
			return ctx.anchors.get(source).res;
		}
		toString(ctx, _onComment, _onChompKeep) {
			const src = `*${this.source}`;
			if (ctx) {
				anchors.anchorIsValid(this.source);
				if (ctx.options.verifyAliasOrder && !ctx.anchors.has(this.source)) {
					const msg = `Unresolved alias (the anchor must be set before the alias): ${this.source}`;
					throw new Error(msg);
				}
				if (ctx.implicitKey) return `${src} `;
			}
			return src;
		}
	};
	function getAliasCount(doc, node, anchors) {
		if (identity.isAlias(node)) {
			const source = node.resolve(doc);
			const anchor = anchors && source && anchors.get(source);
			return anchor ? anchor.count * anchor.aliasCount : 0;
		} else if (identity.isCollection(node)) {
			let count = 0;
			for (const item of node.items) {
				const c = getAliasCount(doc, item, anchors);
				if (c > count) count = c;
			}
			return count;
		} else if (identity.isPair(node)) {
			const kc = getAliasCount(doc, node.key, anchors);
			const vc = getAliasCount(doc, node.value, anchors);
			return Math.max(kc, vc);
		}
		return 1;
	}
	exports.Alias = Alias;
}));
// node_modules/yaml/dist/nodes/Scalar.js
var require_Scalar = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var Node = require_Node();
	var toJS = require_toJS();
	const isScalarValue = (value) => !value || typeof value !== "function" && typeof value !== "object";
	var Scalar = class extends Node.NodeBase {
		constructor(value) {
			super(identity.SCALAR);
			this.value = value;
		}
		toJSON(arg, ctx) {
			return ctx?.keep ? this.value : toJS.toJS(this.value, arg, ctx);
		}
		toString() {
			return String(this.value);
		}
	};
	Scalar.BLOCK_FOLDED = "BLOCK_FOLDED";
	Scalar.BLOCK_LITERAL = "BLOCK_LITERAL";
	Scalar.PLAIN = "PLAIN";
	Scalar.QUOTE_DOUBLE = "QUOTE_DOUBLE";
	Scalar.QUOTE_SINGLE = "QUOTE_SINGLE";
	exports.Scalar = Scalar;
	exports.isScalarValue = isScalarValue;
}));
// node_modules/yaml/dist/doc/createNode.js
var require_createNode = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Alias = require_Alias();
	var identity = require_identity();
	var Scalar = require_Scalar();
	const defaultTagPrefix = "tag:yaml.org,2002:";
	function findTagObject(value, tagName, tags) {
		if (tagName) {
			const match = tags.filter((t) => t.tag === tagName);
			const tagObj = match.find((t) => !t.format) ?? match[0];
			if (!tagObj) throw new Error(`Tag ${tagName} not found`);
			return tagObj;
		}
		return tags.find((t) => t.identify?.(value) && !t.format);
	}
	function createNode(value, tagName, ctx) {
		if (identity.isDocument(value)) value = value.contents;
		if (identity.isNode(value)) return value;
		if (identity.isPair(value)) {
			const map = ctx.schema[identity.MAP].createNode?.(ctx.schema, null, ctx);
			map.items.push(value);
			return map;
		}
		if (value instanceof String || value instanceof Number || value instanceof Boolean || typeof BigInt !== "undefined" && value instanceof BigInt) value = value.valueOf();
		const { aliasDuplicateObjects, onAnchor, onTagObj, schema, sourceObjects } = ctx;
		let ref = void 0;
		if (aliasDuplicateObjects && value && typeof value === "object") {
			ref = sourceObjects.get(value);
			if (ref) {
				ref.anchor ?? (ref.anchor = onAnchor(value));
				return new Alias.Alias(ref.anchor);
			} else {
				ref = {
					anchor: null,
					node: null
				};
				sourceObjects.set(value, ref);
			}
		}
		if (tagName?.startsWith("!!")) tagName = defaultTagPrefix + tagName.slice(2);
		let tagObj = findTagObject(value, tagName, schema.tags);
		if (!tagObj) {
			if (value && typeof value.toJSON === "function") value = value.toJSON();
			if (!value || typeof value !== "object") {
				const node = new Scalar.Scalar(value);
				if (ref) ref.node = node;
				return node;
			}
			tagObj = value instanceof Map ? schema[identity.MAP] : Symbol.iterator in Object(value) ? schema[identity.SEQ] : schema[identity.MAP];
		}
		if (onTagObj) {
			onTagObj(tagObj);
			delete ctx.onTagObj;
		}
		const node = tagObj?.createNode ? tagObj.createNode(ctx.schema, value, ctx) : typeof tagObj?.nodeClass?.from === "function" ? tagObj.nodeClass.from(ctx.schema, value, ctx) : new Scalar.Scalar(value);
		if (tagName) node.tag = tagName;
		else if (!tagObj.default) node.tag = tagObj.tag;
		if (ref) ref.node = node;
		return node;
	}
	exports.createNode = createNode;
}));
// node_modules/yaml/dist/nodes/Collection.js
var require_Collection = /* @__PURE__ */ __commonJSMin(((exports) => {
	var createNode = require_createNode();
	var identity = require_identity();
	var Node = require_Node();
	function collectionFromPath(schema, path, value) {
		let v = value;
		for (let i = path.length - 1; i >= 0; --i) {
			const k = path[i];
			if (typeof k === "number" && Number.isInteger(k) && k >= 0) {
				const a = [];
				a[k] = v;
				v = a;
			} else v = /* @__PURE__ */ new Map([[k, v]]);
		}
		return createNode.createNode(v, void 0, {
			aliasDuplicateObjects: false,
			keepUndefined: false,
			onAnchor: () => {
				throw new Error("This should not happen, please report a bug.");
			},
			schema,
			sourceObjects: /* @__PURE__ */ new Map()
		});
	}
	const isEmptyPath = (path) => path == null || typeof path === "object" && !!path[Symbol.iterator]().next().done;
	var Collection = class extends Node.NodeBase {
		constructor(type, schema) {
			super(type);
			Object.defineProperty(this, "schema", {
				value: schema,
				configurable: true,
				enumerable: false,
				writable: true
			});
		}
		/**
		* Create a copy of this collection.
		*
		* @param schema - If defined, overwrites the original's schema
		*/
		clone(schema) {
			const copy = Object.create(Object.getPrototypeOf(this), Object.getOwnPropertyDescriptors(this));
			if (schema) copy.schema = schema;
			copy.items = copy.items.map((it) => identity.isNode(it) || identity.isPair(it) ? it.clone(schema) : it);
			if (this.range) copy.range = this.range.slice();
			return copy;
		}
		/**
		* Adds a value to the collection. For `!!map` and `!!omap` the value must
		* be a Pair instance or a `{ key, value }` object, which may not have a key
		* that already exists in the map.
		*/
		addIn(path, value) {
			if (isEmptyPath(path)) this.add(value);
			else {
				const [key, ...rest] = path;
				const node = this.get(key, true);
				if (identity.isCollection(node)) node.addIn(rest, value);
				else if (node === void 0 && this.schema) this.set(key, collectionFromPath(this.schema, rest, value));
				else throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
			}
		}
		/**
		* Removes a value from the collection.
		* @returns `true` if the item was found and removed.
		*/
		deleteIn(path) {
			const [key, ...rest] = path;
			if (rest.length === 0) return this.delete(key);
			const node = this.get(key, true);
			if (identity.isCollection(node)) return node.deleteIn(rest);
			else throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
		}
		/**
		* Returns item at `key`, or `undefined` if not found. By default unwraps
		* scalar values from their surrounding node; to disable set `keepScalar` to
		* `true` (collections are always returned intact).
		*/
		getIn(path, keepScalar) {
			const [key, ...rest] = path;
			const node = this.get(key, true);
			if (rest.length === 0) return !keepScalar && identity.isScalar(node) ? node.value : node;
			else return identity.isCollection(node) ? node.getIn(rest, keepScalar) : void 0;
		}
		hasAllNullValues(allowScalar) {
			return this.items.every((node) => {
				if (!identity.isPair(node)) return false;
				const n = node.value;
				return n == null || allowScalar && identity.isScalar(n) && n.value == null && !n.commentBefore && !n.comment && !n.tag;
			});
		}
		/**
		* Checks if the collection includes a value with the key `key`.
		*/
		hasIn(path) {
			const [key, ...rest] = path;
			if (rest.length === 0) return this.has(key);
			const node = this.get(key, true);
			return identity.isCollection(node) ? node.hasIn(rest) : false;
		}
		/**
		* Sets a value in this collection. For `!!set`, `value` needs to be a
		* boolean to add/remove the item from the set.
		*/
		setIn(path, value) {
			const [key, ...rest] = path;
			if (rest.length === 0) this.set(key, value);
			else {
				const node = this.get(key, true);
				if (identity.isCollection(node)) node.setIn(rest, value);
				else if (node === void 0 && this.schema) this.set(key, collectionFromPath(this.schema, rest, value));
				else throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
			}
		}
	};
	exports.Collection = Collection;
	exports.collectionFromPath = collectionFromPath;
	exports.isEmptyPath = isEmptyPath;
}));
// node_modules/yaml/dist/stringify/stringifyComment.js
var require_stringifyComment = /* @__PURE__ */ __commonJSMin(((exports) => {
	/**
	* Stringifies a comment.
	*
	* Empty comment lines are left empty,
	* lines consisting of a single space are replaced by `#`,
	* and all other lines are prefixed with a `#`.
	*/
	const stringifyComment = (str) => str.replace(/^(?!$)(?: $)?/gm, "#");
	function indentComment(comment, indent) {
		if (/^\n+$/.test(comment)) return comment.substring(1);
		return indent ? comment.replace(/^(?! *$)/gm, indent) : comment;
	}
	const lineComment = (str, indent, comment) => str.endsWith("\n") ? indentComment(comment, indent) : comment.includes("\n") ? "\n" + indentComment(comment, indent) : (str.endsWith(" ") ? "" : " ") + comment;
	exports.indentComment = indentComment;
	exports.lineComment = lineComment;
	exports.stringifyComment = stringifyComment;
}));
// node_modules/yaml/dist/stringify/foldFlowLines.js
var require_foldFlowLines = /* @__PURE__ */ __commonJSMin(((exports) => {
	const FOLD_FLOW = "flow";
	const FOLD_BLOCK = "block";
	const FOLD_QUOTED = "quoted";
	/**
	* Tries to keep input at up to `lineWidth` characters, splitting only on spaces
	* not followed by newlines or spaces unless `mode` is `'quoted'`. Lines are
	* terminated with `\n` and started with `indent`.
	*/
	function foldFlowLines(text, indent, mode = "flow", { indentAtStart, lineWidth = 80, minContentWidth = 20, onFold, onOverflow } = {}) {
		if (!lineWidth || lineWidth < 0) return text;
		if (lineWidth < minContentWidth) minContentWidth = 0;
		const endStep = Math.max(1 + minContentWidth, 1 + lineWidth - indent.length);
		if (text.length <= endStep) return text;
		const folds = [];
		const escapedFolds = {};
		let end = lineWidth - indent.length;
		if (typeof indentAtStart === "number") {
			if (indentAtStart > lineWidth - Math.max(2, minContentWidth)) folds.push(0);
			else end = lineWidth - indentAtStart;
		}
		let split = void 0;
		let prev = void 0;
		let overflow = false;
		let i = -1;
		let escStart = -1;
		let escEnd = -1;
		if (mode === FOLD_BLOCK) {
			i = consumeMoreIndentedLines(text, i, indent.length);
			if (i !== -1) end = i + endStep;
		}
		for (let ch; ch = text[i += 1];) {
			if (mode === FOLD_QUOTED && ch === "\\") {
				escStart = i;
				switch (text[i + 1]) {
					case "x":
						i += 3;
						break;
					case "u":
						i += 5;
						break;
					case "U":
						i += 9;
						break;
					default: i += 1;
				}
				escEnd = i;
			}
			if (ch === "\n") {
				if (mode === FOLD_BLOCK) i = consumeMoreIndentedLines(text, i, indent.length);
				end = i + indent.length + endStep;
				split = void 0;
			} else {
				if (ch === " " && prev && prev !== " " && prev !== "\n" && prev !== "	") {
					const next = text[i + 1];
					if (next && next !== " " && next !== "\n" && next !== "	") split = i;
				}
				if (i >= end) {
					if (split) {
						folds.push(split);
						end = split + endStep;
						split = void 0;
					} else if (mode === FOLD_QUOTED) {
						while (prev === " " || prev === "	") {
							prev = ch;
							ch = text[i += 1];
							overflow = true;
						}
						const j = i > escEnd + 1 ? i - 2 : escStart - 1;
						if (escapedFolds[j]) return text;
						folds.push(j);
						escapedFolds[j] = true;
						end = j + endStep;
						split = void 0;
					} else overflow = true;
				}
			}
			prev = ch;
		}
		if (overflow && onOverflow) onOverflow();
		if (folds.length === 0) return text;
		if (onFold) onFold();
		let res = text.slice(0, folds[0]);
		for (let i = 0; i < folds.length; ++i) {
			const fold = folds[i];
			const end = folds[i + 1] || text.length;
			if (fold === 0) res = `\n${indent}${text.slice(0, end)}`;
			else {
				if (mode === FOLD_QUOTED && escapedFolds[fold]) res += `${text[fold]}\\`;
				res += `\n${indent}${text.slice(fold + 1, end)}`;
			}
		}
		return res;
	}
	/**
	* Presumes `i + 1` is at the start of a line
	* @returns index of last newline in more-indented block
	*/
	function consumeMoreIndentedLines(text, i, indent) {
		let end = i;
		let start = i + 1;
		let ch = text[start];
		while (ch === " " || ch === "	") if (i < start + indent) ch = text[++i];
		else {
			do
				ch = text[++i];
			while (ch && ch !== "\n");
			end = i;
			start = i + 1;
			ch = text[start];
		}
		return end;
	}
	exports.FOLD_BLOCK = FOLD_BLOCK;
	exports.FOLD_FLOW = FOLD_FLOW;
	exports.FOLD_QUOTED = FOLD_QUOTED;
	exports.foldFlowLines = foldFlowLines;
}));
// node_modules/yaml/dist/stringify/stringifyString.js
var require_stringifyString = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Scalar = require_Scalar();
	var foldFlowLines = require_foldFlowLines();
	const getFoldOptions = (ctx, isBlock) => ({
		indentAtStart: isBlock ? ctx.indent.length : ctx.indentAtStart,
		lineWidth: ctx.options.lineWidth,
		minContentWidth: ctx.options.minContentWidth
	});
	const containsDocumentMarker = (str) => /^(%|---|\.\.\.)/m.test(str);
	function lineLengthOverLimit(str, lineWidth, indentLength) {
		if (!lineWidth || lineWidth < 0) return false;
		const limit = lineWidth - indentLength;
		const strLen = str.length;
		if (strLen <= limit) return false;
		for (let i = 0, start = 0; i < strLen; ++i) if (str[i] === "\n") {
			if (i - start > limit) return true;
			start = i + 1;
			if (strLen - start <= limit) return false;
		}
		return true;
	}
	function doubleQuotedString(value, ctx) {
		const json = JSON.stringify(value);
		if (ctx.options.doubleQuotedAsJSON) return json;
		const { implicitKey } = ctx;
		const minMultiLineLength = ctx.options.doubleQuotedMinMultiLineLength;
		const indent = ctx.indent || (containsDocumentMarker(value) ? "  " : "");
		let str = "";
		let start = 0;
		for (let i = 0, ch = json[i]; ch; ch = json[++i]) {
			if (ch === " " && json[i + 1] === "\\" && json[i + 2] === "n") {
				str += json.slice(start, i) + "\\ ";
				i += 1;
				start = i;
				ch = "\\";
			}
			if (ch === "\\") switch (json[i + 1]) {
				case "u":
					{
						str += json.slice(start, i);
						const code = json.substr(i + 2, 4);
						switch (code) {
							case "0000":
								str += "\\0";
								break;
							case "0007":
								str += "\\a";
								break;
							case "000b":
								str += "\\v";
								break;
							case "001b":
								str += "\\e";
								break;
							case "0085":
								str += "\\N";
								break;
							case "00a0":
								str += "\\_";
								break;
							case "2028":
								str += "\\L";
								break;
							case "2029":
								str += "\\P";
								break;
							default: if (code.substr(0, 2) === "00") str += "\\x" + code.substr(2);
							else str += json.substr(i, 6);
						}
						i += 5;
						start = i + 1;
					}
					break;
				case "n":
					if (implicitKey || json[i + 2] === "\"" || json.length < minMultiLineLength) i += 1;
					else {
						str += json.slice(start, i) + "\n\n";
						while (json[i + 2] === "\\" && json[i + 3] === "n" && json[i + 4] !== "\"") {
							str += "\n";
							i += 2;
						}
						str += indent;
						if (json[i + 2] === " ") str += "\\";
						i += 1;
						start = i + 1;
					}
					break;
				default: i += 1;
			}
		}
		str = start ? str + json.slice(start) : json;
		return implicitKey ? str : foldFlowLines.foldFlowLines(str, indent, foldFlowLines.FOLD_QUOTED, getFoldOptions(ctx, false));
	}
	function singleQuotedString(value, ctx) {
		if (ctx.options.singleQuote === false || ctx.implicitKey && value.includes("\n") || /[ \t]\n|\n[ \t]/.test(value)) return doubleQuotedString(value, ctx);
		const indent = ctx.indent || (containsDocumentMarker(value) ? "  " : "");
		const res = "'" + value.replace(/'/g, "''").replace(/\n+/g, `$&\n${indent}`) + "'";
		return ctx.implicitKey ? res : foldFlowLines.foldFlowLines(res, indent, foldFlowLines.FOLD_FLOW, getFoldOptions(ctx, false));
	}
	function quotedString(value, ctx) {
		const { singleQuote } = ctx.options;
		let qs;
		if (singleQuote === false) qs = doubleQuotedString;
		else {
			const hasDouble = value.includes("\"");
			const hasSingle = value.includes("'");
			if (hasDouble && !hasSingle) qs = singleQuotedString;
			else if (hasSingle && !hasDouble) qs = doubleQuotedString;
			else qs = singleQuote ? singleQuotedString : doubleQuotedString;
		}
		return qs(value, ctx);
	}
	let blockEndNewlines;
	try {
		blockEndNewlines = new RegExp("(^|(?<!\n))\n+(?!\n|$)", "g");
	} catch {
		blockEndNewlines = /\n+(?!\n|$)/g;
	}
	function blockString({ comment, type, value }, ctx, onComment, onChompKeep) {
		const { blockQuote, commentString, lineWidth } = ctx.options;
		if (!blockQuote || /\n[\t ]+$/.test(value)) return quotedString(value, ctx);
		const indent = ctx.indent || (ctx.forceBlockIndent || containsDocumentMarker(value) ? "  " : "");
		const literal = blockQuote === "literal" ? true : blockQuote === "folded" || type === Scalar.Scalar.BLOCK_FOLDED ? false : type === Scalar.Scalar.BLOCK_LITERAL ? true : !lineLengthOverLimit(value, lineWidth, indent.length);
		if (!value) return literal ? "|\n" : ">\n";
		let chomp;
		let endStart;
		for (endStart = value.length; endStart > 0; --endStart) {
			const ch = value[endStart - 1];
			if (ch !== "\n" && ch !== "	" && ch !== " ") break;
		}
		let end = value.substring(endStart);
		const endNlPos = end.indexOf("\n");
		if (endNlPos === -1) chomp = "-";
		else if (value === end || endNlPos !== end.length - 1) {
			chomp = "+";
			if (onChompKeep) onChompKeep();
		} else chomp = "";
		if (end) {
			value = value.slice(0, -end.length);
			if (end[end.length - 1] === "\n") end = end.slice(0, -1);
			end = end.replace(blockEndNewlines, `$&${indent}`);
		}
		let startWithSpace = false;
		let startEnd;
		let startNlPos = -1;
		for (startEnd = 0; startEnd < value.length; ++startEnd) {
			const ch = value[startEnd];
			if (ch === " ") startWithSpace = true;
			else if (ch === "\n") startNlPos = startEnd;
			else break;
		}
		let start = value.substring(0, startNlPos < startEnd ? startNlPos + 1 : startEnd);
		if (start) {
			value = value.substring(start.length);
			start = start.replace(/\n+/g, `$&${indent}`);
		}
		let header = (startWithSpace ? indent ? "2" : "1" : "") + chomp;
		if (comment) {
			header += " " + commentString(comment.replace(/ ?[\r\n]+/g, " "));
			if (onComment) onComment();
		}
		if (!literal) {
			const foldedValue = value.replace(/\n+/g, "\n$&").replace(/(?:^|\n)([\t ].*)(?:([\n\t ]*)\n(?![\n\t ]))?/g, "$1$2").replace(/\n+/g, `$&${indent}`);
			let literalFallback = false;
			const foldOptions = getFoldOptions(ctx, true);
			if (blockQuote !== "folded" && type !== Scalar.Scalar.BLOCK_FOLDED) foldOptions.onOverflow = () => {
				literalFallback = true;
			};
			const body = foldFlowLines.foldFlowLines(`${start}${foldedValue}${end}`, indent, foldFlowLines.FOLD_BLOCK, foldOptions);
			if (!literalFallback) return `>${header}\n${indent}${body}`;
		}
		value = value.replace(/\n+/g, `$&${indent}`);
		return `|${header}\n${indent}${start}${value}${end}`;
	}
	function plainString(item, ctx, onComment, onChompKeep) {
		const { type, value } = item;
		const { actualString, implicitKey, indent, indentStep, inFlow } = ctx;
		if (implicitKey && value.includes("\n") || inFlow && /[[\]{},]/.test(value)) return quotedString(value, ctx);
		if (/^[\n\t ,[\]{}#&*!|>'"%@`]|^[?-]$|^[?-][ \t]|[\n:][ \t]|[ \t]\n|[\n\t ]#|[\n\t :]$/.test(value)) return implicitKey || inFlow || !value.includes("\n") ? quotedString(value, ctx) : blockString(item, ctx, onComment, onChompKeep);
		if (!implicitKey && !inFlow && type !== Scalar.Scalar.PLAIN && value.includes("\n")) return blockString(item, ctx, onComment, onChompKeep);
		if (containsDocumentMarker(value)) {
			if (indent === "") {
				ctx.forceBlockIndent = true;
				return blockString(item, ctx, onComment, onChompKeep);
			} else if (implicitKey && indent === indentStep) return quotedString(value, ctx);
		}
		const str = value.replace(/\n+/g, `$&\n${indent}`);
		if (actualString) {
			const test = (tag) => tag.default && tag.tag !== "tag:yaml.org,2002:str" && tag.test?.test(str);
			const { compat, tags } = ctx.doc.schema;
			if (tags.some(test) || compat?.some(test)) return quotedString(value, ctx);
		}
		return implicitKey ? str : foldFlowLines.foldFlowLines(str, indent, foldFlowLines.FOLD_FLOW, getFoldOptions(ctx, false));
	}
	function stringifyString(item, ctx, onComment, onChompKeep) {
		const { implicitKey, inFlow } = ctx;
		const ss = typeof item.value === "string" ? item : Object.assign({}, item, { value: String(item.value) });
		let { type } = item;
		if (type !== Scalar.Scalar.QUOTE_DOUBLE) {
			if (/[\x00-\x08\x0b-\x1f\x7f-\x9f\u{D800}-\u{DFFF}]/u.test(ss.value)) type = Scalar.Scalar.QUOTE_DOUBLE;
		}
		const _stringify = (_type) => {
			switch (_type) {
				case Scalar.Scalar.BLOCK_FOLDED:
				case Scalar.Scalar.BLOCK_LITERAL: return implicitKey || inFlow ? quotedString(ss.value, ctx) : blockString(ss, ctx, onComment, onChompKeep);
				case Scalar.Scalar.QUOTE_DOUBLE: return doubleQuotedString(ss.value, ctx);
				case Scalar.Scalar.QUOTE_SINGLE: return singleQuotedString(ss.value, ctx);
				case Scalar.Scalar.PLAIN: return plainString(ss, ctx, onComment, onChompKeep);
				default: return null;
			}
		};
		let res = _stringify(type);
		if (res === null) {
			const { defaultKeyType, defaultStringType } = ctx.options;
			const t = implicitKey && defaultKeyType || defaultStringType;
			res = _stringify(t);
			if (res === null) throw new Error(`Unsupported default string type ${t}`);
		}
		return res;
	}
	exports.stringifyString = stringifyString;
}));
// node_modules/yaml/dist/stringify/stringify.js
var require_stringify = /* @__PURE__ */ __commonJSMin(((exports) => {
	var anchors = require_anchors();
	var identity = require_identity();
	var stringifyComment = require_stringifyComment();
	var stringifyString = require_stringifyString();
	function createStringifyContext(doc, options) {
		const opt = Object.assign({
			blockQuote: true,
			commentString: stringifyComment.stringifyComment,
			defaultKeyType: null,
			defaultStringType: "PLAIN",
			directives: null,
			doubleQuotedAsJSON: false,
			doubleQuotedMinMultiLineLength: 40,
			falseStr: "false",
			flowCollectionPadding: true,
			indentSeq: true,
			lineWidth: 80,
			minContentWidth: 20,
			nullStr: "null",
			simpleKeys: false,
			singleQuote: null,
			trailingComma: false,
			trueStr: "true",
			verifyAliasOrder: true
		}, doc.schema.toStringOptions, options);
		let inFlow;
		switch (opt.collectionStyle) {
			case "block":
				inFlow = false;
				break;
			case "flow":
				inFlow = true;
				break;
			default: inFlow = null;
		}
		return {
			anchors: /* @__PURE__ */ new Set(),
			doc,
			flowCollectionPadding: opt.flowCollectionPadding ? " " : "",
			indent: "",
			indentStep: typeof opt.indent === "number" ? " ".repeat(opt.indent) : "  ",
			inFlow,
			options: opt
		};
	}
	function getTagObject(tags, item) {
		if (item.tag) {
			const match = tags.filter((t) => t.tag === item.tag);
			if (match.length > 0) return match.find((t) => t.format === item.format) ?? match[0];
		}
		let tagObj = void 0;
		let obj;
		if (identity.isScalar(item)) {
			obj = item.value;
			let match = tags.filter((t) => t.identify?.(obj));
			if (match.length > 1) {
				const testMatch = match.filter((t) => t.test);
				if (testMatch.length > 0) match = testMatch;
			}
			tagObj = match.find((t) => t.format === item.format) ?? match.find((t) => !t.format);
		} else {
			obj = item;
			tagObj = tags.find((t) => t.nodeClass && obj instanceof t.nodeClass);
		}
		if (!tagObj) {
			const name = obj?.constructor?.name ?? (obj === null ? "null" : typeof obj);
			throw new Error(`Tag not resolved for ${name} value`);
		}
		return tagObj;
	}
	function stringifyProps(node, tagObj, { anchors: anchors$1, doc }) {
		if (!doc.directives) return "";
		const props = [];
		const anchor = (identity.isScalar(node) || identity.isCollection(node)) && node.anchor;
		if (anchor && anchors.anchorIsValid(anchor)) {
			anchors$1.add(anchor);
			props.push(`&${anchor}`);
		}
		const tag = node.tag ?? (tagObj.default ? null : tagObj.tag);
		if (tag) props.push(doc.directives.tagString(tag));
		return props.join(" ");
	}
	function stringify(item, ctx, onComment, onChompKeep) {
		if (identity.isPair(item)) return item.toString(ctx, onComment, onChompKeep);
		if (identity.isAlias(item)) {
			if (ctx.doc.directives) return item.toString(ctx);
			if (ctx.resolvedAliases?.has(item)) throw new TypeError(`Cannot stringify circular structure without alias nodes`);
			else {
				if (ctx.resolvedAliases) ctx.resolvedAliases.add(item);
				else ctx.resolvedAliases = /* @__PURE__ */ new Set([item]);
				item = item.resolve(ctx.doc);
			}
		}
		let tagObj = void 0;
		const node = identity.isNode(item) ? item : ctx.doc.createNode(item, { onTagObj: (o) => tagObj = o });
		tagObj ?? (tagObj = getTagObject(ctx.doc.schema.tags, node));
		const props = stringifyProps(node, tagObj, ctx);
		if (props.length > 0) ctx.indentAtStart = (ctx.indentAtStart ?? 0) + props.length + 1;
		const str = typeof tagObj.stringify === "function" ? tagObj.stringify(node, ctx, onComment, onChompKeep) : identity.isScalar(node) ? stringifyString.stringifyString(node, ctx, onComment, onChompKeep) : node.toString(ctx, onComment, onChompKeep);
		if (!props) return str;
		return identity.isScalar(node) || str[0] === "{" || str[0] === "[" ? `${props} ${str}` : `${props}\n${ctx.indent}${str}`;
	}
	exports.createStringifyContext = createStringifyContext;
	exports.stringify = stringify;
}));
// node_modules/yaml/dist/stringify/stringifyPair.js
var require_stringifyPair = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var Scalar = require_Scalar();
	var stringify = require_stringify();
	var stringifyComment = require_stringifyComment();
	function stringifyPair({ key, value }, ctx, onComment, onChompKeep) {
		const { allNullValues, doc, indent, indentStep, options: { commentString, indentSeq, simpleKeys } } = ctx;
		let keyComment = identity.isNode(key) && key.comment || null;
		if (simpleKeys) {
			if (keyComment) throw new Error("With simple keys, key nodes cannot have comments");
			if (identity.isCollection(key) || !identity.isNode(key) && typeof key === "object") throw new Error("With simple keys, collection cannot be used as a key value");
		}
		let explicitKey = !simpleKeys && (!key || keyComment && value == null && !ctx.inFlow || identity.isCollection(key) || (identity.isScalar(key) ? key.type === Scalar.Scalar.BLOCK_FOLDED || key.type === Scalar.Scalar.BLOCK_LITERAL : typeof key === "object"));
		ctx = Object.assign({}, ctx, {
			allNullValues: false,
			implicitKey: !explicitKey && (simpleKeys || !allNullValues),
			indent: indent + indentStep
		});
		let keyCommentDone = false;
		let chompKeep = false;
		let str = stringify.stringify(key, ctx, () => keyCommentDone = true, () => chompKeep = true);
		if (!explicitKey && !ctx.inFlow && str.length > 1024) {
			if (simpleKeys) throw new Error("With simple keys, single line scalar must not span more than 1024 characters");
			explicitKey = true;
		}
		if (ctx.inFlow) {
			if (allNullValues || value == null) {
				if (keyCommentDone && onComment) onComment();
				return str === "" ? "?" : explicitKey ? `? ${str}` : str;
			}
		} else if (allNullValues && !simpleKeys || value == null && explicitKey) {
			str = `? ${str}`;
			if (keyComment && !keyCommentDone) str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
			else if (chompKeep && onChompKeep) onChompKeep();
			return str;
		}
		if (keyCommentDone) keyComment = null;
		if (explicitKey) {
			if (keyComment) str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
			str = `? ${str}\n${indent}:`;
		} else {
			str = `${str}:`;
			if (keyComment) str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
		}
		let vsb, vcb, valueComment;
		if (identity.isNode(value)) {
			vsb = !!value.spaceBefore;
			vcb = value.commentBefore;
			valueComment = value.comment;
		} else {
			vsb = false;
			vcb = null;
			valueComment = null;
			if (value && typeof value === "object") value = doc.createNode(value);
		}
		ctx.implicitKey = false;
		if (!explicitKey && !keyComment && identity.isScalar(value)) ctx.indentAtStart = str.length + 1;
		chompKeep = false;
		if (!indentSeq && indentStep.length >= 2 && !ctx.inFlow && !explicitKey && identity.isSeq(value) && !value.flow && !value.tag && !value.anchor) ctx.indent = ctx.indent.substring(2);
		let valueCommentDone = false;
		const valueStr = stringify.stringify(value, ctx, () => valueCommentDone = true, () => chompKeep = true);
		let ws = " ";
		if (keyComment || vsb || vcb) {
			ws = vsb ? "\n" : "";
			if (vcb) {
				const cs = commentString(vcb);
				ws += `\n${stringifyComment.indentComment(cs, ctx.indent)}`;
			}
			if (valueStr === "" && !ctx.inFlow) {
				if (ws === "\n" && valueComment) ws = "\n\n";
			} else ws += `\n${ctx.indent}`;
		} else if (!explicitKey && identity.isCollection(value)) {
			const vs0 = valueStr[0];
			const nl0 = valueStr.indexOf("\n");
			const hasNewline = nl0 !== -1;
			const flow = ctx.inFlow ?? value.flow ?? value.items.length === 0;
			if (hasNewline || !flow) {
				let hasPropsLine = false;
				if (hasNewline && (vs0 === "&" || vs0 === "!")) {
					let sp0 = valueStr.indexOf(" ");
					if (vs0 === "&" && sp0 !== -1 && sp0 < nl0 && valueStr[sp0 + 1] === "!") sp0 = valueStr.indexOf(" ", sp0 + 1);
					if (sp0 === -1 || nl0 < sp0) hasPropsLine = true;
				}
				if (!hasPropsLine) ws = `\n${ctx.indent}`;
			}
		} else if (valueStr === "" || valueStr[0] === "\n") ws = "";
		str += ws + valueStr;
		if (ctx.inFlow) {
			if (valueCommentDone && onComment) onComment();
		} else if (valueComment && !valueCommentDone) str += stringifyComment.lineComment(str, ctx.indent, commentString(valueComment));
		else if (chompKeep && onChompKeep) onChompKeep();
		return str;
	}
	exports.stringifyPair = stringifyPair;
}));
// node_modules/yaml/dist/log.js
var require_log = /* @__PURE__ */ __commonJSMin(((exports) => {
	var node_process = __require("process");
	function debug(logLevel, ...messages) {
		if (logLevel === "debug") console.log(...messages);
	}
	function warn(logLevel, warning) {
		if (logLevel === "debug" || logLevel === "warn") {
			if (typeof node_process.emitWarning === "function") node_process.emitWarning(warning);
			else console.warn(warning);
		}
	}
	exports.debug = debug;
	exports.warn = warn;
}));
// node_modules/yaml/dist/schema/yaml-1.1/merge.js
var require_merge = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var Scalar = require_Scalar();
	const MERGE_KEY = "<<";
	const merge = {
		identify: (value) => value === MERGE_KEY || typeof value === "symbol" && value.description === MERGE_KEY,
		default: "key",
		tag: "tag:yaml.org,2002:merge",
		test: /^<<$/,
		resolve: () => Object.assign(new Scalar.Scalar(Symbol(MERGE_KEY)), { addToJSMap: addMergeToJSMap }),
		stringify: () => MERGE_KEY
	};
	const isMergeKey = (ctx, key) => (merge.identify(key) || identity.isScalar(key) && (!key.type || key.type === Scalar.Scalar.PLAIN) && merge.identify(key.value)) && ctx?.doc.schema.tags.some((tag) => tag.tag === merge.tag && tag.default);
	function addMergeToJSMap(ctx, map, value) {
		const source = resolveAliasValue(ctx, value);
		if (identity.isSeq(source)) for (const it of source.items) mergeValue(ctx, map, it);
		else if (Array.isArray(source)) for (const it of source) mergeValue(ctx, map, it);
		else mergeValue(ctx, map, source);
	}
	function mergeValue(ctx, map, value) {
		const source = resolveAliasValue(ctx, value);
		if (!identity.isMap(source)) throw new Error("Merge sources must be maps or map aliases");
		const srcMap = source.toJSON(null, ctx, Map);
		for (const [key, value] of srcMap) if (map instanceof Map) {
			if (!map.has(key)) map.set(key, value);
		} else if (map instanceof Set) map.add(key);
		else if (!Object.prototype.hasOwnProperty.call(map, key)) Object.defineProperty(map, key, {
			value,
			writable: true,
			enumerable: true,
			configurable: true
		});
		return map;
	}
	function resolveAliasValue(ctx, value) {
		return ctx && identity.isAlias(value) ? value.resolve(ctx.doc, ctx) : value;
	}
	exports.addMergeToJSMap = addMergeToJSMap;
	exports.isMergeKey = isMergeKey;
	exports.merge = merge;
}));
// node_modules/yaml/dist/nodes/addPairToJSMap.js
var require_addPairToJSMap = /* @__PURE__ */ __commonJSMin(((exports) => {
	var log = require_log();
	var merge = require_merge();
	var stringify = require_stringify();
	var identity = require_identity();
	var toJS = require_toJS();
	function addPairToJSMap(ctx, map, { key, value }) {
		if (identity.isNode(key) && key.addToJSMap) key.addToJSMap(ctx, map, value);
		else if (merge.isMergeKey(ctx, key)) merge.addMergeToJSMap(ctx, map, value);
		else {
			const jsKey = toJS.toJS(key, "", ctx);
			if (map instanceof Map) map.set(jsKey, toJS.toJS(value, jsKey, ctx));
			else if (map instanceof Set) map.add(jsKey);
			else {
				const stringKey = stringifyKey(key, jsKey, ctx);
				const jsValue = toJS.toJS(value, stringKey, ctx);
				if (stringKey in map) Object.defineProperty(map, stringKey, {
					value: jsValue,
					writable: true,
					enumerable: true,
					configurable: true
				});
				else map[stringKey] = jsValue;
			}
		}
		return map;
	}
	function stringifyKey(key, jsKey, ctx) {
		if (jsKey === null) return "";
		if (typeof jsKey !== "object") return String(jsKey);
		if (identity.isNode(key) && ctx?.doc) {
			const strCtx = stringify.createStringifyContext(ctx.doc, {});
			strCtx.anchors = /* @__PURE__ */ new Set();
			for (const node of ctx.anchors.keys()) strCtx.anchors.add(node.anchor);
			strCtx.inFlow = true;
			strCtx.inStringifyKey = true;
			const strKey = key.toString(strCtx);
			if (!ctx.mapKeyWarned) {
				let jsonStr = JSON.stringify(strKey);
				if (jsonStr.length > 40) jsonStr = jsonStr.substring(0, 36) + "...\"";
				log.warn(ctx.doc.options.logLevel, `Keys with collection values will be stringified due to JS Object restrictions: ${jsonStr}. Set mapAsMap: true to use object keys.`);
				ctx.mapKeyWarned = true;
			}
			return strKey;
		}
		return JSON.stringify(jsKey);
	}
	exports.addPairToJSMap = addPairToJSMap;
}));
// node_modules/yaml/dist/nodes/Pair.js
var require_Pair = /* @__PURE__ */ __commonJSMin(((exports) => {
	var createNode = require_createNode();
	var stringifyPair = require_stringifyPair();
	var addPairToJSMap = require_addPairToJSMap();
	var identity = require_identity();
	function createPair(key, value, ctx) {
		return new Pair(createNode.createNode(key, void 0, ctx), createNode.createNode(value, void 0, ctx));
	}
	var Pair = class Pair {
		constructor(key, value = null) {
			Object.defineProperty(this, identity.NODE_TYPE, { value: identity.PAIR });
			this.key = key;
			this.value = value;
		}
		clone(schema) {
			let { key, value } = this;
			if (identity.isNode(key)) key = key.clone(schema);
			if (identity.isNode(value)) value = value.clone(schema);
			return new Pair(key, value);
		}
		toJSON(_, ctx) {
			const pair = ctx?.mapAsMap ? /* @__PURE__ */ new Map() : {};
			return addPairToJSMap.addPairToJSMap(ctx, pair, this);
		}
		toString(ctx, onComment, onChompKeep) {
			return ctx?.doc ? stringifyPair.stringifyPair(this, ctx, onComment, onChompKeep) : JSON.stringify(this);
		}
	};
	exports.Pair = Pair;
	exports.createPair = createPair;
}));
// node_modules/yaml/dist/stringify/stringifyCollection.js
var require_stringifyCollection = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var stringify = require_stringify();
	var stringifyComment = require_stringifyComment();
	function stringifyCollection(collection, ctx, options) {
		return (ctx.inFlow ?? collection.flow ? stringifyFlowCollection : stringifyBlockCollection)(collection, ctx, options);
	}
	function stringifyBlockCollection({ comment, items }, ctx, { blockItemPrefix, flowChars, itemIndent, onChompKeep, onComment }) {
		const { indent, options: { commentString } } = ctx;
		const itemCtx = Object.assign({}, ctx, {
			indent: itemIndent,
			type: null
		});
		let chompKeep = false;
		const lines = [];
		for (let i = 0; i < items.length; ++i) {
			const item = items[i];
			let comment = null;
			if (identity.isNode(item)) {
				if (!chompKeep && item.spaceBefore) lines.push("");
				addCommentBefore(ctx, lines, item.commentBefore, chompKeep);
				if (item.comment) comment = item.comment;
			} else if (identity.isPair(item)) {
				const ik = identity.isNode(item.key) ? item.key : null;
				if (ik) {
					if (!chompKeep && ik.spaceBefore) lines.push("");
					addCommentBefore(ctx, lines, ik.commentBefore, chompKeep);
				}
			}
			chompKeep = false;
			let str = stringify.stringify(item, itemCtx, () => comment = null, () => chompKeep = true);
			if (comment) str += stringifyComment.lineComment(str, itemIndent, commentString(comment));
			if (chompKeep && comment) chompKeep = false;
			lines.push(blockItemPrefix + str);
		}
		let str;
		if (lines.length === 0) str = flowChars.start + flowChars.end;
		else {
			str = lines[0];
			for (let i = 1; i < lines.length; ++i) {
				const line = lines[i];
				str += line ? `\n${indent}${line}` : "\n";
			}
		}
		if (comment) {
			str += "\n" + stringifyComment.indentComment(commentString(comment), indent);
			if (onComment) onComment();
		} else if (chompKeep && onChompKeep) onChompKeep();
		return str;
	}
	function stringifyFlowCollection({ items }, ctx, { flowChars, itemIndent }) {
		const { indent, indentStep, flowCollectionPadding: fcPadding, options: { commentString } } = ctx;
		itemIndent += indentStep;
		const itemCtx = Object.assign({}, ctx, {
			indent: itemIndent,
			inFlow: true,
			type: null
		});
		let reqNewline = false;
		let linesAtValue = 0;
		const lines = [];
		for (let i = 0; i < items.length; ++i) {
			const item = items[i];
			let comment = null;
			if (identity.isNode(item)) {
				if (item.spaceBefore) lines.push("");
				addCommentBefore(ctx, lines, item.commentBefore, false);
				if (item.comment) comment = item.comment;
			} else if (identity.isPair(item)) {
				const ik = identity.isNode(item.key) ? item.key : null;
				if (ik) {
					if (ik.spaceBefore) lines.push("");
					addCommentBefore(ctx, lines, ik.commentBefore, false);
					if (ik.comment) reqNewline = true;
				}
				const iv = identity.isNode(item.value) ? item.value : null;
				if (iv) {
					if (iv.comment) comment = iv.comment;
					if (iv.commentBefore) reqNewline = true;
				} else if (item.value == null && ik?.comment) comment = ik.comment;
			}
			if (comment) reqNewline = true;
			let str = stringify.stringify(item, itemCtx, () => comment = null);
			reqNewline || (reqNewline = lines.length > linesAtValue || str.includes("\n"));
			if (i < items.length - 1) str += ",";
			else if (ctx.options.trailingComma) {
				if (ctx.options.lineWidth > 0) reqNewline || (reqNewline = lines.reduce((sum, line) => sum + line.length + 2, 2) + (str.length + 2) > ctx.options.lineWidth);
				if (reqNewline) str += ",";
			}
			if (comment) str += stringifyComment.lineComment(str, itemIndent, commentString(comment));
			lines.push(str);
			linesAtValue = lines.length;
		}
		const { start, end } = flowChars;
		if (lines.length === 0) return start + end;
		else {
			if (!reqNewline) {
				const len = lines.reduce((sum, line) => sum + line.length + 2, 2);
				reqNewline = ctx.options.lineWidth > 0 && len > ctx.options.lineWidth;
			}
			if (reqNewline) {
				let str = start;
				for (const line of lines) str += line ? `\n${indentStep}${indent}${line}` : "\n";
				return `${str}\n${indent}${end}`;
			} else return `${start}${fcPadding}${lines.join(" ")}${fcPadding}${end}`;
		}
	}
	function addCommentBefore({ indent, options: { commentString } }, lines, comment, chompKeep) {
		if (comment && chompKeep) comment = comment.replace(/^\n+/, "");
		if (comment) {
			const ic = stringifyComment.indentComment(commentString(comment), indent);
			lines.push(ic.trimStart());
		}
	}
	exports.stringifyCollection = stringifyCollection;
}));
// node_modules/yaml/dist/nodes/YAMLMap.js
var require_YAMLMap = /* @__PURE__ */ __commonJSMin(((exports) => {
	var stringifyCollection = require_stringifyCollection();
	var addPairToJSMap = require_addPairToJSMap();
	var Collection = require_Collection();
	var identity = require_identity();
	var Pair = require_Pair();
	var Scalar = require_Scalar();
	function findPair(items, key) {
		const k = identity.isScalar(key) ? key.value : key;
		for (const it of items) if (identity.isPair(it)) {
			if (it.key === key || it.key === k) return it;
			if (identity.isScalar(it.key) && it.key.value === k) return it;
		}
	}
	var YAMLMap = class extends Collection.Collection {
		static get tagName() {
			return "tag:yaml.org,2002:map";
		}
		constructor(schema) {
			super(identity.MAP, schema);
			this.items = [];
		}
		/**
		* A generic collection parsing method that can be extended
		* to other node classes that inherit from YAMLMap
		*/
		static from(schema, obj, ctx) {
			const { keepUndefined, replacer } = ctx;
			const map = new this(schema);
			const add = (key, value) => {
				if (typeof replacer === "function") value = replacer.call(obj, key, value);
				else if (Array.isArray(replacer) && !replacer.includes(key)) return;
				if (value !== void 0 || keepUndefined) map.items.push(Pair.createPair(key, value, ctx));
			};
			if (obj instanceof Map) for (const [key, value] of obj) add(key, value);
			else if (obj && typeof obj === "object") for (const key of Object.keys(obj)) add(key, obj[key]);
			if (typeof schema.sortMapEntries === "function") map.items.sort(schema.sortMapEntries);
			return map;
		}
		/**
		* Adds a value to the collection.
		*
		* @param overwrite - If not set `true`, using a key that is already in the
		*   collection will throw. Otherwise, overwrites the previous value.
		*/
		add(pair, overwrite) {
			let _pair;
			if (identity.isPair(pair)) _pair = pair;
			else if (!pair || typeof pair !== "object" || !("key" in pair)) _pair = new Pair.Pair(pair, pair?.value);
			else _pair = new Pair.Pair(pair.key, pair.value);
			const prev = findPair(this.items, _pair.key);
			const sortEntries = this.schema?.sortMapEntries;
			if (prev) {
				if (!overwrite) throw new Error(`Key ${_pair.key} already set`);
				if (identity.isScalar(prev.value) && Scalar.isScalarValue(_pair.value)) prev.value.value = _pair.value;
				else prev.value = _pair.value;
			} else if (sortEntries) {
				const i = this.items.findIndex((item) => sortEntries(_pair, item) < 0);
				if (i === -1) this.items.push(_pair);
				else this.items.splice(i, 0, _pair);
			} else this.items.push(_pair);
		}
		delete(key) {
			const it = findPair(this.items, key);
			if (!it) return false;
			return this.items.splice(this.items.indexOf(it), 1).length > 0;
		}
		get(key, keepScalar) {
			const node = findPair(this.items, key)?.value;
			return (!keepScalar && identity.isScalar(node) ? node.value : node) ?? void 0;
		}
		has(key) {
			return !!findPair(this.items, key);
		}
		set(key, value) {
			this.add(new Pair.Pair(key, value), true);
		}
		/**
		* @param ctx - Conversion context, originally set in Document#toJS()
		* @param {Class} Type - If set, forces the returned collection type
		* @returns Instance of Type, Map, or Object
		*/
		toJSON(_, ctx, Type) {
			const map = Type ? new Type() : ctx?.mapAsMap ? /* @__PURE__ */ new Map() : {};
			if (ctx?.onCreate) ctx.onCreate(map);
			for (const item of this.items) addPairToJSMap.addPairToJSMap(ctx, map, item);
			return map;
		}
		toString(ctx, onComment, onChompKeep) {
			if (!ctx) return JSON.stringify(this);
			for (const item of this.items) if (!identity.isPair(item)) throw new Error(`Map items must all be pairs; found ${JSON.stringify(item)} instead`);
			if (!ctx.allNullValues && this.hasAllNullValues(false)) ctx = Object.assign({}, ctx, { allNullValues: true });
			return stringifyCollection.stringifyCollection(this, ctx, {
				blockItemPrefix: "",
				flowChars: {
					start: "{",
					end: "}"
				},
				itemIndent: ctx.indent || "",
				onChompKeep,
				onComment
			});
		}
	};
	exports.YAMLMap = YAMLMap;
	exports.findPair = findPair;
}));
// node_modules/yaml/dist/schema/common/map.js
var require_map = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var YAMLMap = require_YAMLMap();
	exports.map = {
		collection: "map",
		default: true,
		nodeClass: YAMLMap.YAMLMap,
		tag: "tag:yaml.org,2002:map",
		resolve(map, onError) {
			if (!identity.isMap(map)) onError("Expected a mapping for this tag");
			return map;
		},
		createNode: (schema, obj, ctx) => YAMLMap.YAMLMap.from(schema, obj, ctx)
	};
}));
// node_modules/yaml/dist/nodes/YAMLSeq.js
var require_YAMLSeq = /* @__PURE__ */ __commonJSMin(((exports) => {
	var createNode = require_createNode();
	var stringifyCollection = require_stringifyCollection();
	var Collection = require_Collection();
	var identity = require_identity();
	var Scalar = require_Scalar();
	var toJS = require_toJS();
	var YAMLSeq = class extends Collection.Collection {
		static get tagName() {
			return "tag:yaml.org,2002:seq";
		}
		constructor(schema) {
			super(identity.SEQ, schema);
			this.items = [];
		}
		add(value) {
			this.items.push(value);
		}
		/**
		* Removes a value from the collection.
		*
		* `key` must contain a representation of an integer for this to succeed.
		* It may be wrapped in a `Scalar`.
		*
		* @returns `true` if the item was found and removed.
		*/
		delete(key) {
			const idx = asItemIndex(key);
			if (typeof idx !== "number") return false;
			return this.items.splice(idx, 1).length > 0;
		}
		get(key, keepScalar) {
			const idx = asItemIndex(key);
			if (typeof idx !== "number") return void 0;
			const it = this.items[idx];
			return !keepScalar && identity.isScalar(it) ? it.value : it;
		}
		/**
		* Checks if the collection includes a value with the key `key`.
		*
		* `key` must contain a representation of an integer for this to succeed.
		* It may be wrapped in a `Scalar`.
		*/
		has(key) {
			const idx = asItemIndex(key);
			return typeof idx === "number" && idx < this.items.length;
		}
		/**
		* Sets a value in this collection. For `!!set`, `value` needs to be a
		* boolean to add/remove the item from the set.
		*
		* If `key` does not contain a representation of an integer, this will throw.
		* It may be wrapped in a `Scalar`.
		*/
		set(key, value) {
			const idx = asItemIndex(key);
			if (typeof idx !== "number") throw new Error(`Expected a valid index, not ${key}.`);
			const prev = this.items[idx];
			if (identity.isScalar(prev) && Scalar.isScalarValue(value)) prev.value = value;
			else this.items[idx] = value;
		}
		toJSON(_, ctx) {
			const seq = [];
			if (ctx?.onCreate) ctx.onCreate(seq);
			let i = 0;
			for (const item of this.items) seq.push(toJS.toJS(item, String(i++), ctx));
			return seq;
		}
		toString(ctx, onComment, onChompKeep) {
			if (!ctx) return JSON.stringify(this);
			return stringifyCollection.stringifyCollection(this, ctx, {
				blockItemPrefix: "- ",
				flowChars: {
					start: "[",
					end: "]"
				},
				itemIndent: (ctx.indent || "") + "  ",
				onChompKeep,
				onComment
			});
		}
		static from(schema, obj, ctx) {
			const { replacer } = ctx;
			const seq = new this(schema);
			if (obj && Symbol.iterator in Object(obj)) {
				let i = 0;
				for (let it of obj) {
					if (typeof replacer === "function") {
						const key = obj instanceof Set ? it : String(i++);
						it = replacer.call(obj, key, it);
					}
					seq.items.push(createNode.createNode(it, void 0, ctx));
				}
			}
			return seq;
		}
	};
	function asItemIndex(key) {
		let idx = identity.isScalar(key) ? key.value : key;
		if (idx && typeof idx === "string") idx = Number(idx);
		return typeof idx === "number" && Number.isInteger(idx) && idx >= 0 ? idx : null;
	}
	exports.YAMLSeq = YAMLSeq;
}));
// node_modules/yaml/dist/schema/common/seq.js
var require_seq = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var YAMLSeq = require_YAMLSeq();
	exports.seq = {
		collection: "seq",
		default: true,
		nodeClass: YAMLSeq.YAMLSeq,
		tag: "tag:yaml.org,2002:seq",
		resolve(seq, onError) {
			if (!identity.isSeq(seq)) onError("Expected a sequence for this tag");
			return seq;
		},
		createNode: (schema, obj, ctx) => YAMLSeq.YAMLSeq.from(schema, obj, ctx)
	};
}));
// node_modules/yaml/dist/schema/common/string.js
var require_string = /* @__PURE__ */ __commonJSMin(((exports) => {
	var stringifyString = require_stringifyString();
	exports.string = {
		identify: (value) => typeof value === "string",
		default: true,
		tag: "tag:yaml.org,2002:str",
		resolve: (str) => str,
		stringify(item, ctx, onComment, onChompKeep) {
			ctx = Object.assign({ actualString: true }, ctx);
			return stringifyString.stringifyString(item, ctx, onComment, onChompKeep);
		}
	};
}));
// node_modules/yaml/dist/schema/common/null.js
var require_null = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Scalar = require_Scalar();
	const nullTag = {
		identify: (value) => value == null,
		createNode: () => new Scalar.Scalar(null),
		default: true,
		tag: "tag:yaml.org,2002:null",
		test: /^(?:~|[Nn]ull|NULL)?$/,
		resolve: () => new Scalar.Scalar(null),
		stringify: ({ source }, ctx) => typeof source === "string" && nullTag.test.test(source) ? source : ctx.options.nullStr
	};
	exports.nullTag = nullTag;
}));
// node_modules/yaml/dist/schema/core/bool.js
var require_bool$1 = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Scalar = require_Scalar();
	const boolTag = {
		identify: (value) => typeof value === "boolean",
		default: true,
		tag: "tag:yaml.org,2002:bool",
		test: /^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/,
		resolve: (str) => new Scalar.Scalar(str[0] === "t" || str[0] === "T"),
		stringify({ source, value }, ctx) {
			if (source && boolTag.test.test(source)) {
				if (value === (source[0] === "t" || source[0] === "T")) return source;
			}
			return value ? ctx.options.trueStr : ctx.options.falseStr;
		}
	};
	exports.boolTag = boolTag;
}));
// node_modules/yaml/dist/stringify/stringifyNumber.js
var require_stringifyNumber = /* @__PURE__ */ __commonJSMin(((exports) => {
	function stringifyNumber({ format, minFractionDigits, tag, value }) {
		if (typeof value === "bigint") return String(value);
		const num = typeof value === "number" ? value : Number(value);
		if (!isFinite(num)) return isNaN(num) ? ".nan" : num < 0 ? "-.inf" : ".inf";
		let n = Object.is(value, -0) ? "-0" : JSON.stringify(value);
		if (!format && minFractionDigits && (!tag || tag === "tag:yaml.org,2002:float") && /^-?\d/.test(n) && !n.includes("e")) {
			let i = n.indexOf(".");
			if (i < 0) {
				i = n.length;
				n += ".";
			}
			let d = minFractionDigits - (n.length - i - 1);
			while (d-- > 0) n += "0";
		}
		return n;
	}
	exports.stringifyNumber = stringifyNumber;
}));
// node_modules/yaml/dist/schema/core/float.js
var require_float$1 = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Scalar = require_Scalar();
	var stringifyNumber = require_stringifyNumber();
	const floatNaN = {
		identify: (value) => typeof value === "number",
		default: true,
		tag: "tag:yaml.org,2002:float",
		test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
		resolve: (str) => str.slice(-3).toLowerCase() === "nan" ? NaN : str[0] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
		stringify: stringifyNumber.stringifyNumber
	};
	const floatExp = {
		identify: (value) => typeof value === "number",
		default: true,
		tag: "tag:yaml.org,2002:float",
		format: "EXP",
		test: /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$/,
		resolve: (str) => parseFloat(str),
		stringify(node) {
			const num = Number(node.value);
			return isFinite(num) ? num.toExponential() : stringifyNumber.stringifyNumber(node);
		}
	};
	exports.float = {
		identify: (value) => typeof value === "number",
		default: true,
		tag: "tag:yaml.org,2002:float",
		test: /^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)$/,
		resolve(str) {
			const node = new Scalar.Scalar(parseFloat(str));
			const dot = str.indexOf(".");
			if (dot !== -1 && str[str.length - 1] === "0") node.minFractionDigits = str.length - dot - 1;
			return node;
		},
		stringify: stringifyNumber.stringifyNumber
	};
	exports.floatExp = floatExp;
	exports.floatNaN = floatNaN;
}));
// node_modules/yaml/dist/schema/core/int.js
var require_int$1 = /* @__PURE__ */ __commonJSMin(((exports) => {
	var stringifyNumber = require_stringifyNumber();
	const intIdentify = (value) => typeof value === "bigint" || Number.isInteger(value);
	const intResolve = (str, offset, radix, { intAsBigInt }) => intAsBigInt ? BigInt(str) : parseInt(str.substring(offset), radix);
	function intStringify(node, radix, prefix) {
		const { value } = node;
		if (intIdentify(value) && value >= 0) return prefix + value.toString(radix);
		return stringifyNumber.stringifyNumber(node);
	}
	const intOct = {
		identify: (value) => intIdentify(value) && value >= 0,
		default: true,
		tag: "tag:yaml.org,2002:int",
		format: "OCT",
		test: /^0o[0-7]+$/,
		resolve: (str, _onError, opt) => intResolve(str, 2, 8, opt),
		stringify: (node) => intStringify(node, 8, "0o")
	};
	const int = {
		identify: intIdentify,
		default: true,
		tag: "tag:yaml.org,2002:int",
		test: /^[-+]?[0-9]+$/,
		resolve: (str, _onError, opt) => intResolve(str, 0, 10, opt),
		stringify: stringifyNumber.stringifyNumber
	};
	const intHex = {
		identify: (value) => intIdentify(value) && value >= 0,
		default: true,
		tag: "tag:yaml.org,2002:int",
		format: "HEX",
		test: /^0x[0-9a-fA-F]+$/,
		resolve: (str, _onError, opt) => intResolve(str, 2, 16, opt),
		stringify: (node) => intStringify(node, 16, "0x")
	};
	exports.int = int;
	exports.intHex = intHex;
	exports.intOct = intOct;
}));
// node_modules/yaml/dist/schema/core/schema.js
var require_schema$2 = /* @__PURE__ */ __commonJSMin(((exports) => {
	var map = require_map();
	var _null = require_null();
	var seq = require_seq();
	var string = require_string();
	var bool = require_bool$1();
	var float = require_float$1();
	var int = require_int$1();
	exports.schema = [
		map.map,
		seq.seq,
		string.string,
		_null.nullTag,
		bool.boolTag,
		int.intOct,
		int.int,
		int.intHex,
		float.floatNaN,
		float.floatExp,
		float.float
	];
}));
// node_modules/yaml/dist/schema/json/schema.js
var require_schema$1 = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Scalar = require_Scalar();
	var map = require_map();
	var seq = require_seq();
	function intIdentify(value) {
		return typeof value === "bigint" || Number.isInteger(value);
	}
	const stringifyJSON = ({ value }) => JSON.stringify(value);
	const jsonScalars = [
		{
			identify: (value) => typeof value === "string",
			default: true,
			tag: "tag:yaml.org,2002:str",
			resolve: (str) => str,
			stringify: stringifyJSON
		},
		{
			identify: (value) => value == null,
			createNode: () => new Scalar.Scalar(null),
			default: true,
			tag: "tag:yaml.org,2002:null",
			test: /^null$/,
			resolve: () => null,
			stringify: stringifyJSON
		},
		{
			identify: (value) => typeof value === "boolean",
			default: true,
			tag: "tag:yaml.org,2002:bool",
			test: /^true$|^false$/,
			resolve: (str) => str === "true",
			stringify: stringifyJSON
		},
		{
			identify: intIdentify,
			default: true,
			tag: "tag:yaml.org,2002:int",
			test: /^-?(?:0|[1-9][0-9]*)$/,
			resolve: (str, _onError, { intAsBigInt }) => intAsBigInt ? BigInt(str) : parseInt(str, 10),
			stringify: ({ value }) => intIdentify(value) ? value.toString() : JSON.stringify(value)
		},
		{
			identify: (value) => typeof value === "number",
			default: true,
			tag: "tag:yaml.org,2002:float",
			test: /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$/,
			resolve: (str) => parseFloat(str),
			stringify: stringifyJSON
		}
	];
	exports.schema = [map.map, seq.seq].concat(jsonScalars, {
		default: true,
		tag: "",
		test: /^/,
		resolve(str, onError) {
			onError(`Unresolved plain scalar ${JSON.stringify(str)}`);
			return str;
		}
	});
}));
// node_modules/yaml/dist/schema/yaml-1.1/binary.js
var require_binary = /* @__PURE__ */ __commonJSMin(((exports) => {
	var node_buffer = __require("buffer");
	var Scalar = require_Scalar();
	var stringifyString = require_stringifyString();
	exports.binary = {
		identify: (value) => value instanceof Uint8Array,
		default: false,
		tag: "tag:yaml.org,2002:binary",
		/**
		* Returns a Buffer in node and an Uint8Array in browsers
		*
		* To use the resulting buffer as an image, you'll want to do something like:
		*
		*   const blob = new Blob([buffer], { type: 'image/jpeg' })
		*   document.querySelector('#photo').src = URL.createObjectURL(blob)
		*/
		resolve(src, onError) {
			if (typeof node_buffer.Buffer === "function") return node_buffer.Buffer.from(src, "base64");
			else if (typeof atob === "function") {
				const str = atob(src.replace(/[\n\r]/g, ""));
				const buffer = new Uint8Array(str.length);
				for (let i = 0; i < str.length; ++i) buffer[i] = str.charCodeAt(i);
				return buffer;
			} else {
				onError("This environment does not support reading binary tags; either Buffer or atob is required");
				return src;
			}
		},
		stringify({ comment, type, value }, ctx, onComment, onChompKeep) {
			if (!value) return "";
			const buf = value;
			let str;
			if (typeof node_buffer.Buffer === "function") str = buf instanceof node_buffer.Buffer ? buf.toString("base64") : node_buffer.Buffer.from(buf.buffer).toString("base64");
			else if (typeof btoa === "function") {
				let s = "";
				for (let i = 0; i < buf.length; ++i) s += String.fromCharCode(buf[i]);
				str = btoa(s);
			} else throw new Error("This environment does not support writing binary tags; either Buffer or btoa is required");
			type ?? (type = Scalar.Scalar.BLOCK_LITERAL);
			if (type !== Scalar.Scalar.QUOTE_DOUBLE) {
				const lineWidth = Math.max(ctx.options.lineWidth - ctx.indent.length, ctx.options.minContentWidth);
				const n = Math.ceil(str.length / lineWidth);
				const lines = new Array(n);
				for (let i = 0, o = 0; i < n; ++i, o += lineWidth) lines[i] = str.substr(o, lineWidth);
				str = lines.join(type === Scalar.Scalar.BLOCK_LITERAL ? "\n" : " ");
			}
			return stringifyString.stringifyString({
				comment,
				type,
				value: str
			}, ctx, onComment, onChompKeep);
		}
	};
}));
// node_modules/yaml/dist/schema/yaml-1.1/pairs.js
var require_pairs = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var Pair = require_Pair();
	var Scalar = require_Scalar();
	var YAMLSeq = require_YAMLSeq();
	function resolvePairs(seq, onError) {
		if (identity.isSeq(seq)) for (let i = 0; i < seq.items.length; ++i) {
			let item = seq.items[i];
			if (identity.isPair(item)) continue;
			else if (identity.isMap(item)) {
				if (item.items.length > 1) onError("Each pair must have its own sequence indicator");
				const pair = item.items[0] || new Pair.Pair(new Scalar.Scalar(null));
				if (item.commentBefore) pair.key.commentBefore = pair.key.commentBefore ? `${item.commentBefore}\n${pair.key.commentBefore}` : item.commentBefore;
				if (item.comment) {
					const cn = pair.value ?? pair.key;
					cn.comment = cn.comment ? `${item.comment}\n${cn.comment}` : item.comment;
				}
				item = pair;
			}
			seq.items[i] = identity.isPair(item) ? item : new Pair.Pair(item);
		}
		else onError("Expected a sequence for this tag");
		return seq;
	}
	function createPairs(schema, iterable, ctx) {
		const { replacer } = ctx;
		const pairs = new YAMLSeq.YAMLSeq(schema);
		pairs.tag = "tag:yaml.org,2002:pairs";
		let i = 0;
		if (iterable && Symbol.iterator in Object(iterable)) for (let it of iterable) {
			if (typeof replacer === "function") it = replacer.call(iterable, String(i++), it);
			let key, value;
			if (Array.isArray(it)) {
				if (it.length === 2) {
					key = it[0];
					value = it[1];
				} else throw new TypeError(`Expected [key, value] tuple: ${it}`);
			} else if (it && it instanceof Object) {
				const keys = Object.keys(it);
				if (keys.length === 1) {
					key = keys[0];
					value = it[key];
				} else throw new TypeError(`Expected tuple with one key, not ${keys.length} keys`);
			} else key = it;
			pairs.items.push(Pair.createPair(key, value, ctx));
		}
		return pairs;
	}
	const pairs = {
		collection: "seq",
		default: false,
		tag: "tag:yaml.org,2002:pairs",
		resolve: resolvePairs,
		createNode: createPairs
	};
	exports.createPairs = createPairs;
	exports.pairs = pairs;
	exports.resolvePairs = resolvePairs;
}));
// node_modules/yaml/dist/schema/yaml-1.1/omap.js
var require_omap = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var toJS = require_toJS();
	var YAMLMap = require_YAMLMap();
	var YAMLSeq = require_YAMLSeq();
	var pairs = require_pairs();
	var YAMLOMap = class YAMLOMap extends YAMLSeq.YAMLSeq {
		constructor() {
			super();
			this.add = YAMLMap.YAMLMap.prototype.add.bind(this);
			this.delete = YAMLMap.YAMLMap.prototype.delete.bind(this);
			this.get = YAMLMap.YAMLMap.prototype.get.bind(this);
			this.has = YAMLMap.YAMLMap.prototype.has.bind(this);
			this.set = YAMLMap.YAMLMap.prototype.set.bind(this);
			this.tag = YAMLOMap.tag;
		}
		/**
		* If `ctx` is given, the return type is actually `Map<unknown, unknown>`,
		* but TypeScript won't allow widening the signature of a child method.
		*/
		toJSON(_, ctx) {
			if (!ctx) return super.toJSON(_);
			const map = /* @__PURE__ */ new Map();
			if (ctx?.onCreate) ctx.onCreate(map);
			for (const pair of this.items) {
				let key, value;
				if (identity.isPair(pair)) {
					key = toJS.toJS(pair.key, "", ctx);
					value = toJS.toJS(pair.value, key, ctx);
				} else key = toJS.toJS(pair, "", ctx);
				if (map.has(key)) throw new Error("Ordered maps must not include duplicate keys");
				map.set(key, value);
			}
			return map;
		}
		static from(schema, iterable, ctx) {
			const pairs$1 = pairs.createPairs(schema, iterable, ctx);
			const omap = new this();
			omap.items = pairs$1.items;
			return omap;
		}
	};
	YAMLOMap.tag = "tag:yaml.org,2002:omap";
	const omap = {
		collection: "seq",
		identify: (value) => value instanceof Map,
		nodeClass: YAMLOMap,
		default: false,
		tag: "tag:yaml.org,2002:omap",
		resolve(seq, onError) {
			const pairs$1 = pairs.resolvePairs(seq, onError);
			const seenKeys = [];
			for (const { key } of pairs$1.items) if (identity.isScalar(key)) {
				if (seenKeys.includes(key.value)) onError(`Ordered maps must not include duplicate keys: ${key.value}`);
				else seenKeys.push(key.value);
			}
			return Object.assign(new YAMLOMap(), pairs$1);
		},
		createNode: (schema, iterable, ctx) => YAMLOMap.from(schema, iterable, ctx)
	};
	exports.YAMLOMap = YAMLOMap;
	exports.omap = omap;
}));
// node_modules/yaml/dist/schema/yaml-1.1/bool.js
var require_bool = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Scalar = require_Scalar();
	function boolStringify({ value, source }, ctx) {
		if (source && (value ? trueTag : falseTag).test.test(source)) return source;
		return value ? ctx.options.trueStr : ctx.options.falseStr;
	}
	const trueTag = {
		identify: (value) => value === true,
		default: true,
		tag: "tag:yaml.org,2002:bool",
		test: /^(?:Y|y|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/,
		resolve: () => new Scalar.Scalar(true),
		stringify: boolStringify
	};
	const falseTag = {
		identify: (value) => value === false,
		default: true,
		tag: "tag:yaml.org,2002:bool",
		test: /^(?:N|n|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/,
		resolve: () => new Scalar.Scalar(false),
		stringify: boolStringify
	};
	exports.falseTag = falseTag;
	exports.trueTag = trueTag;
}));
// node_modules/yaml/dist/schema/yaml-1.1/float.js
var require_float = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Scalar = require_Scalar();
	var stringifyNumber = require_stringifyNumber();
	const floatNaN = {
		identify: (value) => typeof value === "number",
		default: true,
		tag: "tag:yaml.org,2002:float",
		test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
		resolve: (str) => str.slice(-3).toLowerCase() === "nan" ? NaN : str[0] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
		stringify: stringifyNumber.stringifyNumber
	};
	const floatExp = {
		identify: (value) => typeof value === "number",
		default: true,
		tag: "tag:yaml.org,2002:float",
		format: "EXP",
		test: /^[-+]?(?:[0-9][0-9_]*)?(?:\.[0-9_]*)?[eE][-+]?[0-9]+$/,
		resolve: (str) => parseFloat(str.replace(/_/g, "")),
		stringify(node) {
			const num = Number(node.value);
			return isFinite(num) ? num.toExponential() : stringifyNumber.stringifyNumber(node);
		}
	};
	exports.float = {
		identify: (value) => typeof value === "number",
		default: true,
		tag: "tag:yaml.org,2002:float",
		test: /^[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*$/,
		resolve(str) {
			const node = new Scalar.Scalar(parseFloat(str.replace(/_/g, "")));
			const dot = str.indexOf(".");
			if (dot !== -1) {
				const f = str.substring(dot + 1).replace(/_/g, "");
				if (f[f.length - 1] === "0") node.minFractionDigits = f.length;
			}
			return node;
		},
		stringify: stringifyNumber.stringifyNumber
	};
	exports.floatExp = floatExp;
	exports.floatNaN = floatNaN;
}));
// node_modules/yaml/dist/schema/yaml-1.1/int.js
var require_int = /* @__PURE__ */ __commonJSMin(((exports) => {
	var stringifyNumber = require_stringifyNumber();
	const intIdentify = (value) => typeof value === "bigint" || Number.isInteger(value);
	function intResolve(str, offset, radix, { intAsBigInt }) {
		const sign = str[0];
		if (sign === "-" || sign === "+") offset += 1;
		str = str.substring(offset).replace(/_/g, "");
		if (intAsBigInt) {
			switch (radix) {
				case 2:
					str = `0b${str}`;
					break;
				case 8:
					str = `0o${str}`;
					break;
				case 16: str = `0x${str}`;
			}
			const n = BigInt(str);
			return sign === "-" ? BigInt(-1) * n : n;
		}
		const n = parseInt(str, radix);
		return sign === "-" ? -1 * n : n;
	}
	function intStringify(node, radix, prefix) {
		const { value } = node;
		if (intIdentify(value)) {
			const str = value.toString(radix);
			return value < 0 ? "-" + prefix + str.substr(1) : prefix + str;
		}
		return stringifyNumber.stringifyNumber(node);
	}
	const intBin = {
		identify: intIdentify,
		default: true,
		tag: "tag:yaml.org,2002:int",
		format: "BIN",
		test: /^[-+]?0b[0-1_]+$/,
		resolve: (str, _onError, opt) => intResolve(str, 2, 2, opt),
		stringify: (node) => intStringify(node, 2, "0b")
	};
	const intOct = {
		identify: intIdentify,
		default: true,
		tag: "tag:yaml.org,2002:int",
		format: "OCT",
		test: /^[-+]?0[0-7_]+$/,
		resolve: (str, _onError, opt) => intResolve(str, 1, 8, opt),
		stringify: (node) => intStringify(node, 8, "0")
	};
	const int = {
		identify: intIdentify,
		default: true,
		tag: "tag:yaml.org,2002:int",
		test: /^[-+]?[0-9][0-9_]*$/,
		resolve: (str, _onError, opt) => intResolve(str, 0, 10, opt),
		stringify: stringifyNumber.stringifyNumber
	};
	const intHex = {
		identify: intIdentify,
		default: true,
		tag: "tag:yaml.org,2002:int",
		format: "HEX",
		test: /^[-+]?0x[0-9a-fA-F_]+$/,
		resolve: (str, _onError, opt) => intResolve(str, 2, 16, opt),
		stringify: (node) => intStringify(node, 16, "0x")
	};
	exports.int = int;
	exports.intBin = intBin;
	exports.intHex = intHex;
	exports.intOct = intOct;
}));
// node_modules/yaml/dist/schema/yaml-1.1/set.js
var require_set = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var Pair = require_Pair();
	var YAMLMap = require_YAMLMap();
	var YAMLSet = class YAMLSet extends YAMLMap.YAMLMap {
		constructor(schema) {
			super(schema);
			this.tag = YAMLSet.tag;
		}
		add(key) {
			let pair;
			if (identity.isPair(key)) pair = key;
			else if (key && typeof key === "object" && "key" in key && "value" in key && key.value === null) pair = new Pair.Pair(key.key, null);
			else pair = new Pair.Pair(key, null);
			if (!YAMLMap.findPair(this.items, pair.key)) this.items.push(pair);
		}
		/**
		* If `keepPair` is `true`, returns the Pair matching `key`.
		* Otherwise, returns the value of that Pair's key.
		*/
		get(key, keepPair) {
			const pair = YAMLMap.findPair(this.items, key);
			return !keepPair && identity.isPair(pair) ? identity.isScalar(pair.key) ? pair.key.value : pair.key : pair;
		}
		set(key, value) {
			if (typeof value !== "boolean") throw new Error(`Expected boolean value for set(key, value) in a YAML set, not ${typeof value}`);
			const prev = YAMLMap.findPair(this.items, key);
			if (prev && !value) this.items.splice(this.items.indexOf(prev), 1);
			else if (!prev && value) this.items.push(new Pair.Pair(key));
		}
		toJSON(_, ctx) {
			return super.toJSON(_, ctx, Set);
		}
		toString(ctx, onComment, onChompKeep) {
			if (!ctx) return JSON.stringify(this);
			if (this.hasAllNullValues(true)) return super.toString(Object.assign({}, ctx, { allNullValues: true }), onComment, onChompKeep);
			else throw new Error("Set items must all have null values");
		}
		static from(schema, iterable, ctx) {
			const { replacer } = ctx;
			const set = new this(schema);
			if (iterable && Symbol.iterator in Object(iterable)) for (let value of iterable) {
				if (typeof replacer === "function") value = replacer.call(iterable, value, value);
				set.items.push(Pair.createPair(value, null, ctx));
			}
			return set;
		}
	};
	YAMLSet.tag = "tag:yaml.org,2002:set";
	const set = {
		collection: "map",
		identify: (value) => value instanceof Set,
		nodeClass: YAMLSet,
		default: false,
		tag: "tag:yaml.org,2002:set",
		createNode: (schema, iterable, ctx) => YAMLSet.from(schema, iterable, ctx),
		resolve(map, onError) {
			if (identity.isMap(map)) {
				if (map.hasAllNullValues(true)) return Object.assign(new YAMLSet(), map);
				else onError("Set items must all have null values");
			} else onError("Expected a mapping for this tag");
			return map;
		}
	};
	exports.YAMLSet = YAMLSet;
	exports.set = set;
}));
// node_modules/yaml/dist/schema/yaml-1.1/timestamp.js
var require_timestamp = /* @__PURE__ */ __commonJSMin(((exports) => {
	var stringifyNumber = require_stringifyNumber();
	/** Internal types handle bigint as number, because TS can't figure it out. */
	function parseSexagesimal(str, asBigInt) {
		const sign = str[0];
		const parts = sign === "-" || sign === "+" ? str.substring(1) : str;
		const num = (n) => asBigInt ? BigInt(n) : Number(n);
		const res = parts.replace(/_/g, "").split(":").reduce((res, p) => res * num(60) + num(p), num(0));
		return sign === "-" ? num(-1) * res : res;
	}
	/**
	* hhhh:mm:ss.sss
	*
	* Internal types handle bigint as number, because TS can't figure it out.
	*/
	function stringifySexagesimal(node) {
		let { value } = node;
		let num = (n) => n;
		if (typeof value === "bigint") num = (n) => BigInt(n);
		else if (isNaN(value) || !isFinite(value)) return stringifyNumber.stringifyNumber(node);
		let sign = "";
		if (value < 0) {
			sign = "-";
			value *= num(-1);
		}
		const _60 = num(60);
		const parts = [value % _60];
		if (value < 60) parts.unshift(0);
		else {
			value = (value - parts[0]) / _60;
			parts.unshift(value % _60);
			if (value >= 60) {
				value = (value - parts[0]) / _60;
				parts.unshift(value);
			}
		}
		return sign + parts.map((n) => String(n).padStart(2, "0")).join(":").replace(/000000\d*$/, "");
	}
	const intTime = {
		identify: (value) => typeof value === "bigint" || Number.isInteger(value),
		default: true,
		tag: "tag:yaml.org,2002:int",
		format: "TIME",
		test: /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+$/,
		resolve: (str, _onError, { intAsBigInt }) => parseSexagesimal(str, intAsBigInt),
		stringify: stringifySexagesimal
	};
	const floatTime = {
		identify: (value) => typeof value === "number",
		default: true,
		tag: "tag:yaml.org,2002:float",
		format: "TIME",
		test: /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/,
		resolve: (str) => parseSexagesimal(str, false),
		stringify: stringifySexagesimal
	};
	const timestamp = {
		identify: (value) => value instanceof Date,
		default: true,
		tag: "tag:yaml.org,2002:timestamp",
		test: RegExp("^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:t|T|[ \\t]+)([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2}(\\.[0-9]+)?)(?:[ \\t]*(Z|[-+][012]?[0-9](?::[0-9]{2})?))?)?$"),
		resolve(str) {
			const match = str.match(timestamp.test);
			if (!match) throw new Error("!!timestamp expects a date, starting with yyyy-mm-dd");
			const [, year, month, day, hour, minute, second] = match.map(Number);
			const millisec = match[7] ? Number((match[7] + "00").substr(1, 3)) : 0;
			let date = Date.UTC(year, month - 1, day, hour || 0, minute || 0, second || 0, millisec);
			const tz = match[8];
			if (tz && tz !== "Z") {
				let d = parseSexagesimal(tz, false);
				if (Math.abs(d) < 30) d *= 60;
				date -= 6e4 * d;
			}
			return new Date(date);
		},
		stringify: ({ value }) => value?.toISOString().replace(/(T00:00:00)?\.000Z$/, "") ?? ""
	};
	exports.floatTime = floatTime;
	exports.intTime = intTime;
	exports.timestamp = timestamp;
}));
// node_modules/yaml/dist/schema/yaml-1.1/schema.js
var require_schema = /* @__PURE__ */ __commonJSMin(((exports) => {
	var map = require_map();
	var _null = require_null();
	var seq = require_seq();
	var string = require_string();
	var binary = require_binary();
	var bool = require_bool();
	var float = require_float();
	var int = require_int();
	var merge = require_merge();
	var omap = require_omap();
	var pairs = require_pairs();
	var set = require_set();
	var timestamp = require_timestamp();
	exports.schema = [
		map.map,
		seq.seq,
		string.string,
		_null.nullTag,
		bool.trueTag,
		bool.falseTag,
		int.intBin,
		int.intOct,
		int.int,
		int.intHex,
		float.floatNaN,
		float.floatExp,
		float.float,
		binary.binary,
		merge.merge,
		omap.omap,
		pairs.pairs,
		set.set,
		timestamp.intTime,
		timestamp.floatTime,
		timestamp.timestamp
	];
}));
// node_modules/yaml/dist/schema/tags.js
var require_tags = /* @__PURE__ */ __commonJSMin(((exports) => {
	var map = require_map();
	var _null = require_null();
	var seq = require_seq();
	var string = require_string();
	var bool = require_bool$1();
	var float = require_float$1();
	var int = require_int$1();
	var schema = require_schema$2();
	var schema$1 = require_schema$1();
	var binary = require_binary();
	var merge = require_merge();
	var omap = require_omap();
	var pairs = require_pairs();
	var schema$2 = require_schema();
	var set = require_set();
	var timestamp = require_timestamp();
	const schemas = /* @__PURE__ */ new Map([
		["core", schema.schema],
		["failsafe", [
			map.map,
			seq.seq,
			string.string
		]],
		["json", schema$1.schema],
		["yaml11", schema$2.schema],
		["yaml-1.1", schema$2.schema]
	]);
	const tagsByName = {
		binary: binary.binary,
		bool: bool.boolTag,
		float: float.float,
		floatExp: float.floatExp,
		floatNaN: float.floatNaN,
		floatTime: timestamp.floatTime,
		int: int.int,
		intHex: int.intHex,
		intOct: int.intOct,
		intTime: timestamp.intTime,
		map: map.map,
		merge: merge.merge,
		null: _null.nullTag,
		omap: omap.omap,
		pairs: pairs.pairs,
		seq: seq.seq,
		set: set.set,
		timestamp: timestamp.timestamp
	};
	const coreKnownTags = {
		"tag:yaml.org,2002:binary": binary.binary,
		"tag:yaml.org,2002:merge": merge.merge,
		"tag:yaml.org,2002:omap": omap.omap,
		"tag:yaml.org,2002:pairs": pairs.pairs,
		"tag:yaml.org,2002:set": set.set,
		"tag:yaml.org,2002:timestamp": timestamp.timestamp
	};
	function getTags(customTags, schemaName, addMergeTag) {
		const schemaTags = schemas.get(schemaName);
		if (schemaTags && !customTags) return addMergeTag && !schemaTags.includes(merge.merge) ? schemaTags.concat(merge.merge) : schemaTags.slice();
		let tags = schemaTags;
		if (!tags) {
			if (Array.isArray(customTags)) tags = [];
			else {
				const keys = Array.from(schemas.keys()).filter((key) => key !== "yaml11").map((key) => JSON.stringify(key)).join(", ");
				throw new Error(`Unknown schema "${schemaName}"; use one of ${keys} or define customTags array`);
			}
		}
		if (Array.isArray(customTags)) for (const tag of customTags) tags = tags.concat(tag);
		else if (typeof customTags === "function") tags = customTags(tags.slice());
		if (addMergeTag) tags = tags.concat(merge.merge);
		return tags.reduce((tags, tag) => {
			const tagObj = typeof tag === "string" ? tagsByName[tag] : tag;
			if (!tagObj) {
				const tagName = JSON.stringify(tag);
				const keys = Object.keys(tagsByName).map((key) => JSON.stringify(key)).join(", ");
				throw new Error(`Unknown custom tag ${tagName}; use one of ${keys}`);
			}
			if (!tags.includes(tagObj)) tags.push(tagObj);
			return tags;
		}, []);
	}
	exports.coreKnownTags = coreKnownTags;
	exports.getTags = getTags;
}));
// node_modules/yaml/dist/schema/Schema.js
var require_Schema = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var map = require_map();
	var seq = require_seq();
	var string = require_string();
	var tags = require_tags();
	const sortMapEntriesByKey = (a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
	exports.Schema = class Schema {
		constructor({ compat, customTags, merge, resolveKnownTags, schema, sortMapEntries, toStringDefaults }) {
			this.compat = Array.isArray(compat) ? tags.getTags(compat, "compat") : compat ? tags.getTags(null, compat) : null;
			this.name = typeof schema === "string" && schema || "core";
			this.knownTags = resolveKnownTags ? tags.coreKnownTags : {};
			this.tags = tags.getTags(customTags, this.name, merge);
			this.toStringOptions = toStringDefaults ?? null;
			Object.defineProperty(this, identity.MAP, { value: map.map });
			Object.defineProperty(this, identity.SCALAR, { value: string.string });
			Object.defineProperty(this, identity.SEQ, { value: seq.seq });
			this.sortMapEntries = typeof sortMapEntries === "function" ? sortMapEntries : sortMapEntries === true ? sortMapEntriesByKey : null;
		}
		clone() {
			const copy = Object.create(Schema.prototype, Object.getOwnPropertyDescriptors(this));
			copy.tags = this.tags.slice();
			return copy;
		}
	};
}));
// node_modules/yaml/dist/stringify/stringifyDocument.js
var require_stringifyDocument = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var stringify = require_stringify();
	var stringifyComment = require_stringifyComment();
	function stringifyDocument(doc, options) {
		const lines = [];
		let hasDirectives = options.directives === true;
		if (options.directives !== false && doc.directives) {
			const dir = doc.directives.toString(doc);
			if (dir) {
				lines.push(dir);
				hasDirectives = true;
			} else if (doc.directives.docStart) hasDirectives = true;
		}
		if (hasDirectives) lines.push("---");
		const ctx = stringify.createStringifyContext(doc, options);
		const { commentString } = ctx.options;
		if (doc.commentBefore) {
			if (lines.length !== 1) lines.unshift("");
			const cs = commentString(doc.commentBefore);
			lines.unshift(stringifyComment.indentComment(cs, ""));
		}
		let chompKeep = false;
		let contentComment = null;
		if (doc.contents) {
			if (identity.isNode(doc.contents)) {
				if (doc.contents.spaceBefore && hasDirectives) lines.push("");
				if (doc.contents.commentBefore) {
					const cs = commentString(doc.contents.commentBefore);
					lines.push(stringifyComment.indentComment(cs, ""));
				}
				ctx.forceBlockIndent = !!doc.comment;
				contentComment = doc.contents.comment;
			}
			const onChompKeep = contentComment ? void 0 : () => chompKeep = true;
			let body = stringify.stringify(doc.contents, ctx, () => contentComment = null, onChompKeep);
			if (contentComment) body += stringifyComment.lineComment(body, "", commentString(contentComment));
			if ((body[0] === "|" || body[0] === ">") && lines[lines.length - 1] === "---") lines[lines.length - 1] = `--- ${body}`;
			else lines.push(body);
		} else lines.push(stringify.stringify(doc.contents, ctx));
		if (doc.directives?.docEnd) {
			if (doc.comment) {
				const cs = commentString(doc.comment);
				if (cs.includes("\n")) {
					lines.push("...");
					lines.push(stringifyComment.indentComment(cs, ""));
				} else lines.push(`... ${cs}`);
			} else lines.push("...");
		} else {
			let dc = doc.comment;
			if (dc && chompKeep) dc = dc.replace(/^\n+/, "");
			if (dc) {
				if ((!chompKeep || contentComment) && lines[lines.length - 1] !== "") lines.push("");
				lines.push(stringifyComment.indentComment(commentString(dc), ""));
			}
		}
		return lines.join("\n") + "\n";
	}
	exports.stringifyDocument = stringifyDocument;
}));
// node_modules/yaml/dist/doc/Document.js
var require_Document = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Alias = require_Alias();
	var Collection = require_Collection();
	var identity = require_identity();
	var Pair = require_Pair();
	var toJS = require_toJS();
	var Schema = require_Schema();
	var stringifyDocument = require_stringifyDocument();
	var anchors = require_anchors();
	var applyReviver = require_applyReviver();
	var createNode = require_createNode();
	var directives = require_directives();
	var Document = class Document {
		constructor(value, replacer, options) {
			/** A comment before this Document */
			this.commentBefore = null;
			/** A comment immediately after this Document */
			this.comment = null;
			/** Errors encountered during parsing. */
			this.errors = [];
			/** Warnings encountered during parsing. */
			this.warnings = [];
			Object.defineProperty(this, identity.NODE_TYPE, { value: identity.DOC });
			let _replacer = null;
			if (typeof replacer === "function" || Array.isArray(replacer)) _replacer = replacer;
			else if (options === void 0 && replacer) {
				options = replacer;
				replacer = void 0;
			}
			const opt = Object.assign({
				intAsBigInt: false,
				keepSourceTokens: false,
				logLevel: "warn",
				prettyErrors: true,
				strict: true,
				stringKeys: false,
				uniqueKeys: true,
				version: "1.2"
			}, options);
			this.options = opt;
			let { version } = opt;
			if (options?._directives) {
				this.directives = options._directives.atDocument();
				if (this.directives.yaml.explicit) version = this.directives.yaml.version;
			} else this.directives = new directives.Directives({ version });
			this.setSchema(version, options);
			this.contents = value === void 0 ? null : this.createNode(value, _replacer, options);
		}
		/**
		* Create a deep copy of this Document and its contents.
		*
		* Custom Node values that inherit from `Object` still refer to their original instances.
		*/
		clone() {
			const copy = Object.create(Document.prototype, { [identity.NODE_TYPE]: { value: identity.DOC } });
			copy.commentBefore = this.commentBefore;
			copy.comment = this.comment;
			copy.errors = this.errors.slice();
			copy.warnings = this.warnings.slice();
			copy.options = Object.assign({}, this.options);
			if (this.directives) copy.directives = this.directives.clone();
			copy.schema = this.schema.clone();
			copy.contents = identity.isNode(this.contents) ? this.contents.clone(copy.schema) : this.contents;
			if (this.range) copy.range = this.range.slice();
			return copy;
		}
		/** Adds a value to the document. */
		add(value) {
			if (assertCollection(this.contents)) this.contents.add(value);
		}
		/** Adds a value to the document. */
		addIn(path, value) {
			if (assertCollection(this.contents)) this.contents.addIn(path, value);
		}
		/**
		* Create a new `Alias` node, ensuring that the target `node` has the required anchor.
		*
		* If `node` already has an anchor, `name` is ignored.
		* Otherwise, the `node.anchor` value will be set to `name`,
		* or if an anchor with that name is already present in the document,
		* `name` will be used as a prefix for a new unique anchor.
		* If `name` is undefined, the generated anchor will use 'a' as a prefix.
		*/
		createAlias(node, name) {
			if (!node.anchor) {
				const prev = anchors.anchorNames(this);
				node.anchor = !name || prev.has(name) ? anchors.findNewAnchor(name || "a", prev) : name;
			}
			return new Alias.Alias(node.anchor);
		}
		createNode(value, replacer, options) {
			let _replacer = void 0;
			if (typeof replacer === "function") {
				value = replacer.call({ "": value }, "", value);
				_replacer = replacer;
			} else if (Array.isArray(replacer)) {
				const keyToStr = (v) => typeof v === "number" || v instanceof String || v instanceof Number;
				const asStr = replacer.filter(keyToStr).map(String);
				if (asStr.length > 0) replacer = replacer.concat(asStr);
				_replacer = replacer;
			} else if (options === void 0 && replacer) {
				options = replacer;
				replacer = void 0;
			}
			const { aliasDuplicateObjects, anchorPrefix, flow, keepUndefined, onTagObj, tag } = options ?? {};
			const { onAnchor, setAnchors, sourceObjects } = anchors.createNodeAnchors(this, anchorPrefix || "a");
			const ctx = {
				aliasDuplicateObjects: aliasDuplicateObjects ?? true,
				keepUndefined: keepUndefined ?? false,
				onAnchor,
				onTagObj,
				replacer: _replacer,
				schema: this.schema,
				sourceObjects
			};
			const node = createNode.createNode(value, tag, ctx);
			if (flow && identity.isCollection(node)) node.flow = true;
			setAnchors();
			return node;
		}
		/**
		* Convert a key and a value into a `Pair` using the current schema,
		* recursively wrapping all values as `Scalar` or `Collection` nodes.
		*/
		createPair(key, value, options = {}) {
			const k = this.createNode(key, null, options);
			const v = this.createNode(value, null, options);
			return new Pair.Pair(k, v);
		}
		/**
		* Removes a value from the document.
		* @returns `true` if the item was found and removed.
		*/
		delete(key) {
			return assertCollection(this.contents) ? this.contents.delete(key) : false;
		}
		/**
		* Removes a value from the document.
		* @returns `true` if the item was found and removed.
		*/
		deleteIn(path) {
			if (Collection.isEmptyPath(path)) {
				if (this.contents == null) return false;
				this.contents = null;
				return true;
			}
			return assertCollection(this.contents) ? this.contents.deleteIn(path) : false;
		}
		/**
		* Returns item at `key`, or `undefined` if not found. By default unwraps
		* scalar values from their surrounding node; to disable set `keepScalar` to
		* `true` (collections are always returned intact).
		*/
		get(key, keepScalar) {
			return identity.isCollection(this.contents) ? this.contents.get(key, keepScalar) : void 0;
		}
		/**
		* Returns item at `path`, or `undefined` if not found. By default unwraps
		* scalar values from their surrounding node; to disable set `keepScalar` to
		* `true` (collections are always returned intact).
		*/
		getIn(path, keepScalar) {
			if (Collection.isEmptyPath(path)) return !keepScalar && identity.isScalar(this.contents) ? this.contents.value : this.contents;
			return identity.isCollection(this.contents) ? this.contents.getIn(path, keepScalar) : void 0;
		}
		/**
		* Checks if the document includes a value with the key `key`.
		*/
		has(key) {
			return identity.isCollection(this.contents) ? this.contents.has(key) : false;
		}
		/**
		* Checks if the document includes a value at `path`.
		*/
		hasIn(path) {
			if (Collection.isEmptyPath(path)) return this.contents !== void 0;
			return identity.isCollection(this.contents) ? this.contents.hasIn(path) : false;
		}
		/**
		* Sets a value in this document. For `!!set`, `value` needs to be a
		* boolean to add/remove the item from the set.
		*/
		set(key, value) {
			if (this.contents == null) this.contents = Collection.collectionFromPath(this.schema, [key], value);
			else if (assertCollection(this.contents)) this.contents.set(key, value);
		}
		/**
		* Sets a value in this document. For `!!set`, `value` needs to be a
		* boolean to add/remove the item from the set.
		*/
		setIn(path, value) {
			if (Collection.isEmptyPath(path)) this.contents = value;
			else if (this.contents == null) this.contents = Collection.collectionFromPath(this.schema, Array.from(path), value);
			else if (assertCollection(this.contents)) this.contents.setIn(path, value);
		}
		/**
		* Change the YAML version and schema used by the document.
		* A `null` version disables support for directives, explicit tags, anchors, and aliases.
		* It also requires the `schema` option to be given as a `Schema` instance value.
		*
		* Overrides all previously set schema options.
		*/
		setSchema(version, options = {}) {
			if (typeof version === "number") version = String(version);
			let opt;
			switch (version) {
				case "1.1":
					if (this.directives) this.directives.yaml.version = "1.1";
					else this.directives = new directives.Directives({ version: "1.1" });
					opt = {
						resolveKnownTags: false,
						schema: "yaml-1.1"
					};
					break;
				case "1.2":
				case "next":
					if (this.directives) this.directives.yaml.version = version;
					else this.directives = new directives.Directives({ version });
					opt = {
						resolveKnownTags: true,
						schema: "core"
					};
					break;
				case null:
					if (this.directives) delete this.directives;
					opt = null;
					break;
				default: {
					const sv = JSON.stringify(version);
					throw new Error(`Expected '1.1', '1.2' or null as first argument, but found: ${sv}`);
				}
			}
			if (options.schema instanceof Object) this.schema = options.schema;
			else if (opt) this.schema = new Schema.Schema(Object.assign(opt, options));
			else throw new Error(`With a null YAML version, the { schema: Schema } option is required`);
		}
		toJS({ json, jsonArg, mapAsMap, maxAliasCount, onAnchor, reviver } = {}) {
			const ctx = {
				anchors: /* @__PURE__ */ new Map(),
				doc: this,
				keep: !json,
				mapAsMap: mapAsMap === true,
				mapKeyWarned: false,
				maxAliasCount: typeof maxAliasCount === "number" ? maxAliasCount : 100
			};
			const res = toJS.toJS(this.contents, jsonArg ?? "", ctx);
			if (typeof onAnchor === "function") for (const { count, res } of ctx.anchors.values()) onAnchor(res, count);
			return typeof reviver === "function" ? applyReviver.applyReviver(reviver, { "": res }, "", res) : res;
		}
		/**
		* A JSON representation of the document `contents`.
		*
		* @param jsonArg Used by `JSON.stringify` to indicate the array index or
		*   property name.
		*/
		toJSON(jsonArg, onAnchor) {
			return this.toJS({
				json: true,
				jsonArg,
				mapAsMap: false,
				onAnchor
			});
		}
		/** A YAML representation of the document. */
		toString(options = {}) {
			if (this.errors.length > 0) throw new Error("Document with errors cannot be stringified");
			if ("indent" in options && (!Number.isInteger(options.indent) || Number(options.indent) <= 0)) {
				const s = JSON.stringify(options.indent);
				throw new Error(`"indent" option must be a positive integer, not ${s}`);
			}
			return stringifyDocument.stringifyDocument(this, options);
		}
	};
	function assertCollection(contents) {
		if (identity.isCollection(contents)) return true;
		throw new Error("Expected a YAML collection as document contents");
	}
	exports.Document = Document;
}));
// node_modules/yaml/dist/errors.js
var require_errors = /* @__PURE__ */ __commonJSMin(((exports) => {
	var YAMLError = class extends Error {
		constructor(name, pos, code, message) {
			super();
			this.name = name;
			this.code = code;
			this.message = message;
			this.pos = pos;
		}
	};
	var YAMLParseError = class extends YAMLError {
		constructor(pos, code, message) {
			super("YAMLParseError", pos, code, message);
		}
	};
	var YAMLWarning = class extends YAMLError {
		constructor(pos, code, message) {
			super("YAMLWarning", pos, code, message);
		}
	};
	const prettifyError = (src, lc) => (error) => {
		if (error.pos[0] === -1) return;
		error.linePos = error.pos.map((pos) => lc.linePos(pos));
		const { line, col } = error.linePos[0];
		error.message += ` at line ${line}, column ${col}`;
		let ci = col - 1;
		let lineStr = src.substring(lc.lineStarts[line - 1], lc.lineStarts[line]).replace(/[\n\r]+$/, "");
		if (ci >= 60 && lineStr.length > 80) {
			const trimStart = Math.min(ci - 39, lineStr.length - 79);
			lineStr = "…" + lineStr.substring(trimStart);
			ci -= trimStart - 1;
		}
		if (lineStr.length > 80) lineStr = lineStr.substring(0, 79) + "…";
		if (line > 1 && /^ *$/.test(lineStr.substring(0, ci))) {
			let prev = src.substring(lc.lineStarts[line - 2], lc.lineStarts[line - 1]);
			if (prev.length > 80) prev = prev.substring(0, 79) + "…\n";
			lineStr = prev + lineStr;
		}
		if (/[^ ]/.test(lineStr)) {
			let count = 1;
			const end = error.linePos[1];
			if (end?.line === line && end.col > col) count = Math.max(1, Math.min(end.col - col, 80 - ci));
			const pointer = " ".repeat(ci) + "^".repeat(count);
			error.message += `:\n\n${lineStr}\n${pointer}\n`;
		}
	};
	exports.YAMLError = YAMLError;
	exports.YAMLParseError = YAMLParseError;
	exports.YAMLWarning = YAMLWarning;
	exports.prettifyError = prettifyError;
}));
// node_modules/yaml/dist/compose/resolve-props.js
var require_resolve_props = /* @__PURE__ */ __commonJSMin(((exports) => {
	function resolveProps(tokens, { flow, indicator, next, offset, onError, parentIndent, startOnNewline }) {
		let spaceBefore = false;
		let atNewline = startOnNewline;
		let hasSpace = startOnNewline;
		let comment = "";
		let commentSep = "";
		let hasNewline = false;
		let reqSpace = false;
		let tab = null;
		let anchor = null;
		let tag = null;
		let newlineAfterProp = null;
		let comma = null;
		let found = null;
		let start = null;
		for (const token of tokens) {
			if (reqSpace) {
				if (token.type !== "space" && token.type !== "newline" && token.type !== "comma") onError(token.offset, "MISSING_CHAR", "Tags and anchors must be separated from the next token by white space");
				reqSpace = false;
			}
			if (tab) {
				if (atNewline && token.type !== "comment" && token.type !== "newline") onError(tab, "TAB_AS_INDENT", "Tabs are not allowed as indentation");
				tab = null;
			}
			switch (token.type) {
				case "space":
					if (!flow && (indicator !== "doc-start" || next?.type !== "flow-collection") && token.source.includes("	")) tab = token;
					hasSpace = true;
					break;
				case "comment": {
					if (!hasSpace) onError(token, "MISSING_CHAR", "Comments must be separated from other tokens by white space characters");
					const cb = token.source.substring(1) || " ";
					if (!comment) comment = cb;
					else comment += commentSep + cb;
					commentSep = "";
					atNewline = false;
					break;
				}
				case "newline":
					if (atNewline) {
						if (comment) comment += token.source;
						else if (!found || indicator !== "seq-item-ind") spaceBefore = true;
					} else commentSep += token.source;
					atNewline = true;
					hasNewline = true;
					if (anchor || tag) newlineAfterProp = token;
					hasSpace = true;
					break;
				case "anchor":
					if (anchor) onError(token, "MULTIPLE_ANCHORS", "A node can have at most one anchor");
					if (token.source.endsWith(":")) onError(token.offset + token.source.length - 1, "BAD_ALIAS", "Anchor ending in : is ambiguous", true);
					anchor = token;
					start ?? (start = token.offset);
					atNewline = false;
					hasSpace = false;
					reqSpace = true;
					break;
				case "tag":
					if (tag) onError(token, "MULTIPLE_TAGS", "A node can have at most one tag");
					tag = token;
					start ?? (start = token.offset);
					atNewline = false;
					hasSpace = false;
					reqSpace = true;
					break;
				case indicator:
					if (anchor || tag) onError(token, "BAD_PROP_ORDER", `Anchors and tags must be after the ${token.source} indicator`);
					if (found) onError(token, "UNEXPECTED_TOKEN", `Unexpected ${token.source} in ${flow ?? "collection"}`);
					found = token;
					atNewline = indicator === "seq-item-ind" || indicator === "explicit-key-ind";
					hasSpace = false;
					break;
				case "comma": if (flow) {
					if (comma) onError(token, "UNEXPECTED_TOKEN", `Unexpected , in ${flow}`);
					comma = token;
					atNewline = false;
					hasSpace = false;
					break;
				}
				default:
					onError(token, "UNEXPECTED_TOKEN", `Unexpected ${token.type} token`);
					atNewline = false;
					hasSpace = false;
			}
		}
		const last = tokens[tokens.length - 1];
		const end = last ? last.offset + last.source.length : offset;
		if (reqSpace && next && next.type !== "space" && next.type !== "newline" && next.type !== "comma" && (next.type !== "scalar" || next.source !== "")) onError(next.offset, "MISSING_CHAR", "Tags and anchors must be separated from the next token by white space");
		if (tab && (atNewline && tab.indent <= parentIndent || next?.type === "block-map" || next?.type === "block-seq")) onError(tab, "TAB_AS_INDENT", "Tabs are not allowed as indentation");
		return {
			comma,
			found,
			spaceBefore,
			comment,
			hasNewline,
			anchor,
			tag,
			newlineAfterProp,
			end,
			start: start ?? end
		};
	}
	exports.resolveProps = resolveProps;
}));
// node_modules/yaml/dist/compose/util-contains-newline.js
var require_util_contains_newline = /* @__PURE__ */ __commonJSMin(((exports) => {
	function containsNewline(key) {
		if (!key) return null;
		switch (key.type) {
			case "alias":
			case "scalar":
			case "double-quoted-scalar":
			case "single-quoted-scalar":
				if (key.source.includes("\n")) return true;
				if (key.end) {
					for (const st of key.end) if (st.type === "newline") return true;
				}
				return false;
			case "flow-collection":
				for (const it of key.items) {
					for (const st of it.start) if (st.type === "newline") return true;
					if (it.sep) {
						for (const st of it.sep) if (st.type === "newline") return true;
					}
					if (containsNewline(it.key) || containsNewline(it.value)) return true;
				}
				return false;
			default: return true;
		}
	}
	exports.containsNewline = containsNewline;
}));
// node_modules/yaml/dist/compose/util-flow-indent-check.js
var require_util_flow_indent_check = /* @__PURE__ */ __commonJSMin(((exports) => {
	var utilContainsNewline = require_util_contains_newline();
	function flowIndentCheck(indent, fc, onError) {
		if (fc?.type === "flow-collection") {
			const end = fc.end[0];
			if (end.indent === indent && (end.source === "]" || end.source === "}") && utilContainsNewline.containsNewline(fc)) onError(end, "BAD_INDENT", "Flow end indicator should be more indented than parent", true);
		}
	}
	exports.flowIndentCheck = flowIndentCheck;
}));
// node_modules/yaml/dist/compose/util-map-includes.js
var require_util_map_includes = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	function mapIncludes(ctx, items, search) {
		const { uniqueKeys } = ctx.options;
		if (uniqueKeys === false) return false;
		const isEqual = typeof uniqueKeys === "function" ? uniqueKeys : (a, b) => a === b || identity.isScalar(a) && identity.isScalar(b) && a.value === b.value;
		return items.some((pair) => isEqual(pair.key, search));
	}
	exports.mapIncludes = mapIncludes;
}));
// node_modules/yaml/dist/compose/resolve-block-map.js
var require_resolve_block_map = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Pair = require_Pair();
	var YAMLMap = require_YAMLMap();
	var resolveProps = require_resolve_props();
	var utilContainsNewline = require_util_contains_newline();
	var utilFlowIndentCheck = require_util_flow_indent_check();
	var utilMapIncludes = require_util_map_includes();
	const startColMsg = "All mapping items must start at the same column";
	function resolveBlockMap({ composeNode, composeEmptyNode }, ctx, bm, onError, tag) {
		const map = new ((tag?.nodeClass) ?? YAMLMap.YAMLMap)(ctx.schema);
		if (ctx.atRoot) ctx.atRoot = false;
		let offset = bm.offset;
		let commentEnd = null;
		for (const collItem of bm.items) {
			const { start, key, sep, value } = collItem;
			const keyProps = resolveProps.resolveProps(start, {
				indicator: "explicit-key-ind",
				next: key ?? sep?.[0],
				offset,
				onError,
				parentIndent: bm.indent,
				startOnNewline: true
			});
			const implicitKey = !keyProps.found;
			if (implicitKey) {
				if (key) {
					if (key.type === "block-seq") onError(offset, "BLOCK_AS_IMPLICIT_KEY", "A block sequence may not be used as an implicit map key");
					else if ("indent" in key && key.indent !== bm.indent) onError(offset, "BAD_INDENT", startColMsg);
				}
				if (!keyProps.anchor && !keyProps.tag && !sep) {
					commentEnd = keyProps.end;
					if (keyProps.comment) {
						if (map.comment) map.comment += "\n" + keyProps.comment;
						else map.comment = keyProps.comment;
					}
					continue;
				}
				if (keyProps.newlineAfterProp || utilContainsNewline.containsNewline(key)) onError(key ?? start[start.length - 1], "MULTILINE_IMPLICIT_KEY", "Implicit keys need to be on a single line");
			} else if (keyProps.found?.indent !== bm.indent) onError(offset, "BAD_INDENT", startColMsg);
			ctx.atKey = true;
			const keyStart = keyProps.end;
			const keyNode = key ? composeNode(ctx, key, keyProps, onError) : composeEmptyNode(ctx, keyStart, start, null, keyProps, onError);
			if (ctx.schema.compat) utilFlowIndentCheck.flowIndentCheck(bm.indent, key, onError);
			ctx.atKey = false;
			if (utilMapIncludes.mapIncludes(ctx, map.items, keyNode)) onError(keyStart, "DUPLICATE_KEY", "Map keys must be unique");
			const valueProps = resolveProps.resolveProps(sep ?? [], {
				indicator: "map-value-ind",
				next: value,
				offset: keyNode.range[2],
				onError,
				parentIndent: bm.indent,
				startOnNewline: !key || key.type === "block-scalar"
			});
			offset = valueProps.end;
			if (valueProps.found) {
				if (implicitKey) {
					if (value?.type === "block-map" && !valueProps.hasNewline) onError(offset, "BLOCK_AS_IMPLICIT_KEY", "Nested mappings are not allowed in compact mappings");
					if (ctx.options.strict && keyProps.start < valueProps.found.offset - 1024) onError(keyNode.range, "KEY_OVER_1024_CHARS", "The : indicator must be at most 1024 chars after the start of an implicit block mapping key");
				}
				const valueNode = value ? composeNode(ctx, value, valueProps, onError) : composeEmptyNode(ctx, offset, sep, null, valueProps, onError);
				if (ctx.schema.compat) utilFlowIndentCheck.flowIndentCheck(bm.indent, value, onError);
				offset = valueNode.range[2];
				const pair = new Pair.Pair(keyNode, valueNode);
				if (ctx.options.keepSourceTokens) pair.srcToken = collItem;
				map.items.push(pair);
			} else {
				if (implicitKey) onError(keyNode.range, "MISSING_CHAR", "Implicit map keys need to be followed by map values");
				if (valueProps.comment) {
					if (keyNode.comment) keyNode.comment += "\n" + valueProps.comment;
					else keyNode.comment = valueProps.comment;
				}
				const pair = new Pair.Pair(keyNode);
				if (ctx.options.keepSourceTokens) pair.srcToken = collItem;
				map.items.push(pair);
			}
		}
		if (commentEnd && commentEnd < offset) onError(commentEnd, "IMPOSSIBLE", "Map comment with trailing content");
		map.range = [
			bm.offset,
			offset,
			commentEnd ?? offset
		];
		return map;
	}
	exports.resolveBlockMap = resolveBlockMap;
}));
// node_modules/yaml/dist/compose/resolve-block-seq.js
var require_resolve_block_seq = /* @__PURE__ */ __commonJSMin(((exports) => {
	var YAMLSeq = require_YAMLSeq();
	var resolveProps = require_resolve_props();
	var utilFlowIndentCheck = require_util_flow_indent_check();
	function resolveBlockSeq({ composeNode, composeEmptyNode }, ctx, bs, onError, tag) {
		const seq = new ((tag?.nodeClass) ?? YAMLSeq.YAMLSeq)(ctx.schema);
		if (ctx.atRoot) ctx.atRoot = false;
		if (ctx.atKey) ctx.atKey = false;
		let offset = bs.offset;
		let commentEnd = null;
		for (const { start, value } of bs.items) {
			const props = resolveProps.resolveProps(start, {
				indicator: "seq-item-ind",
				next: value,
				offset,
				onError,
				parentIndent: bs.indent,
				startOnNewline: true
			});
			if (!props.found) {
				if (props.anchor || props.tag || value) {
					if (value?.type === "block-seq") onError(props.end, "BAD_INDENT", "All sequence items must start at the same column");
					else onError(offset, "MISSING_CHAR", "Sequence item without - indicator");
				} else {
					commentEnd = props.end;
					if (props.comment) seq.comment = props.comment;
					continue;
				}
			}
			const node = value ? composeNode(ctx, value, props, onError) : composeEmptyNode(ctx, props.end, start, null, props, onError);
			if (ctx.schema.compat) utilFlowIndentCheck.flowIndentCheck(bs.indent, value, onError);
			offset = node.range[2];
			seq.items.push(node);
		}
		seq.range = [
			bs.offset,
			offset,
			commentEnd ?? offset
		];
		return seq;
	}
	exports.resolveBlockSeq = resolveBlockSeq;
}));
// node_modules/yaml/dist/compose/resolve-end.js
var require_resolve_end = /* @__PURE__ */ __commonJSMin(((exports) => {
	function resolveEnd(end, offset, reqSpace, onError) {
		let comment = "";
		if (end) {
			let hasSpace = false;
			let sep = "";
			for (const token of end) {
				const { source, type } = token;
				switch (type) {
					case "space":
						hasSpace = true;
						break;
					case "comment": {
						if (reqSpace && !hasSpace) onError(token, "MISSING_CHAR", "Comments must be separated from other tokens by white space characters");
						const cb = source.substring(1) || " ";
						if (!comment) comment = cb;
						else comment += sep + cb;
						sep = "";
						break;
					}
					case "newline":
						if (comment) sep += source;
						hasSpace = true;
						break;
					default: onError(token, "UNEXPECTED_TOKEN", `Unexpected ${type} at node end`);
				}
				offset += source.length;
			}
		}
		return {
			comment,
			offset
		};
	}
	exports.resolveEnd = resolveEnd;
}));
// node_modules/yaml/dist/compose/resolve-flow-collection.js
var require_resolve_flow_collection = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var Pair = require_Pair();
	var YAMLMap = require_YAMLMap();
	var YAMLSeq = require_YAMLSeq();
	var resolveEnd = require_resolve_end();
	var resolveProps = require_resolve_props();
	var utilContainsNewline = require_util_contains_newline();
	var utilMapIncludes = require_util_map_includes();
	const blockMsg = "Block collections are not allowed within flow collections";
	const isBlock = (token) => token && (token.type === "block-map" || token.type === "block-seq");
	function resolveFlowCollection({ composeNode, composeEmptyNode }, ctx, fc, onError, tag) {
		const isMap = fc.start.source === "{";
		const fcName = isMap ? "flow map" : "flow sequence";
		const coll = new ((tag?.nodeClass) ?? (isMap ? YAMLMap.YAMLMap : YAMLSeq.YAMLSeq))(ctx.schema);
		coll.flow = true;
		const atRoot = ctx.atRoot;
		if (atRoot) ctx.atRoot = false;
		if (ctx.atKey) ctx.atKey = false;
		let offset = fc.offset + fc.start.source.length;
		for (let i = 0; i < fc.items.length; ++i) {
			const collItem = fc.items[i];
			const { start, key, sep, value } = collItem;
			const props = resolveProps.resolveProps(start, {
				flow: fcName,
				indicator: "explicit-key-ind",
				next: key ?? sep?.[0],
				offset,
				onError,
				parentIndent: fc.indent,
				startOnNewline: false
			});
			if (!props.found) {
				if (!props.anchor && !props.tag && !sep && !value) {
					if (i === 0 && props.comma) onError(props.comma, "UNEXPECTED_TOKEN", `Unexpected , in ${fcName}`);
					else if (i < fc.items.length - 1) onError(props.start, "UNEXPECTED_TOKEN", `Unexpected empty item in ${fcName}`);
					if (props.comment) {
						if (coll.comment) coll.comment += "\n" + props.comment;
						else coll.comment = props.comment;
					}
					offset = props.end;
					continue;
				}
				if (!isMap && ctx.options.strict && utilContainsNewline.containsNewline(key)) onError(key, "MULTILINE_IMPLICIT_KEY", "Implicit keys of flow sequence pairs need to be on a single line");
			}
			if (i === 0) {
				if (props.comma) onError(props.comma, "UNEXPECTED_TOKEN", `Unexpected , in ${fcName}`);
			} else {
				if (!props.comma) onError(props.start, "MISSING_CHAR", `Missing , between ${fcName} items`);
				if (props.comment) {
					let prevItemComment = "";
					loop: for (const st of start) switch (st.type) {
						case "comma":
						case "space": break;
						case "comment":
							prevItemComment = st.source.substring(1);
							break loop;
						default: break loop;
					}
					if (prevItemComment) {
						let prev = coll.items[coll.items.length - 1];
						if (identity.isPair(prev)) prev = prev.value ?? prev.key;
						if (prev.comment) prev.comment += "\n" + prevItemComment;
						else prev.comment = prevItemComment;
						props.comment = props.comment.substring(prevItemComment.length + 1);
					}
				}
			}
			if (!isMap && !sep && !props.found) {
				const valueNode = value ? composeNode(ctx, value, props, onError) : composeEmptyNode(ctx, props.end, sep, null, props, onError);
				coll.items.push(valueNode);
				offset = valueNode.range[2];
				if (isBlock(value)) onError(valueNode.range, "BLOCK_IN_FLOW", blockMsg);
			} else {
				ctx.atKey = true;
				const keyStart = props.end;
				const keyNode = key ? composeNode(ctx, key, props, onError) : composeEmptyNode(ctx, keyStart, start, null, props, onError);
				if (isBlock(key)) onError(keyNode.range, "BLOCK_IN_FLOW", blockMsg);
				ctx.atKey = false;
				const valueProps = resolveProps.resolveProps(sep ?? [], {
					flow: fcName,
					indicator: "map-value-ind",
					next: value,
					offset: keyNode.range[2],
					onError,
					parentIndent: fc.indent,
					startOnNewline: false
				});
				if (valueProps.found) {
					if (!isMap && !props.found && ctx.options.strict) {
						if (sep) for (const st of sep) {
							if (st === valueProps.found) break;
							if (st.type === "newline") {
								onError(st, "MULTILINE_IMPLICIT_KEY", "Implicit keys of flow sequence pairs need to be on a single line");
								break;
							}
						}
						if (props.start < valueProps.found.offset - 1024) onError(valueProps.found, "KEY_OVER_1024_CHARS", "The : indicator must be at most 1024 chars after the start of an implicit flow sequence key");
					}
				} else if (value) {
					if ("source" in value && value.source?.[0] === ":") onError(value, "MISSING_CHAR", `Missing space after : in ${fcName}`);
					else onError(valueProps.start, "MISSING_CHAR", `Missing , or : between ${fcName} items`);
				}
				const valueNode = value ? composeNode(ctx, value, valueProps, onError) : valueProps.found ? composeEmptyNode(ctx, valueProps.end, sep, null, valueProps, onError) : null;
				if (valueNode) {
					if (isBlock(value)) onError(valueNode.range, "BLOCK_IN_FLOW", blockMsg);
				} else if (valueProps.comment) {
					if (keyNode.comment) keyNode.comment += "\n" + valueProps.comment;
					else keyNode.comment = valueProps.comment;
				}
				const pair = new Pair.Pair(keyNode, valueNode);
				if (ctx.options.keepSourceTokens) pair.srcToken = collItem;
				if (isMap) {
					const map = coll;
					if (utilMapIncludes.mapIncludes(ctx, map.items, keyNode)) onError(keyStart, "DUPLICATE_KEY", "Map keys must be unique");
					map.items.push(pair);
				} else {
					const map = new YAMLMap.YAMLMap(ctx.schema);
					map.flow = true;
					map.items.push(pair);
					const endRange = (valueNode ?? keyNode).range;
					map.range = [
						keyNode.range[0],
						endRange[1],
						endRange[2]
					];
					coll.items.push(map);
				}
				offset = valueNode ? valueNode.range[2] : valueProps.end;
			}
		}
		const expectedEnd = isMap ? "}" : "]";
		const [ce, ...ee] = fc.end;
		let cePos = offset;
		if (ce?.source === expectedEnd) cePos = ce.offset + ce.source.length;
		else {
			const name = fcName[0].toUpperCase() + fcName.substring(1);
			const msg = atRoot ? `${name} must end with a ${expectedEnd}` : `${name} in block collection must be sufficiently indented and end with a ${expectedEnd}`;
			onError(offset, atRoot ? "MISSING_CHAR" : "BAD_INDENT", msg);
			if (ce && ce.source.length !== 1) ee.unshift(ce);
		}
		if (ee.length > 0) {
			const end = resolveEnd.resolveEnd(ee, cePos, ctx.options.strict, onError);
			if (end.comment) {
				if (coll.comment) coll.comment += "\n" + end.comment;
				else coll.comment = end.comment;
			}
			coll.range = [
				fc.offset,
				cePos,
				end.offset
			];
		} else coll.range = [
			fc.offset,
			cePos,
			cePos
		];
		return coll;
	}
	exports.resolveFlowCollection = resolveFlowCollection;
}));
// node_modules/yaml/dist/compose/compose-collection.js
var require_compose_collection = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var Scalar = require_Scalar();
	var YAMLMap = require_YAMLMap();
	var YAMLSeq = require_YAMLSeq();
	var resolveBlockMap = require_resolve_block_map();
	var resolveBlockSeq = require_resolve_block_seq();
	var resolveFlowCollection = require_resolve_flow_collection();
	function resolveCollection(CN, ctx, token, onError, tagName, tag) {
		const coll = token.type === "block-map" ? resolveBlockMap.resolveBlockMap(CN, ctx, token, onError, tag) : token.type === "block-seq" ? resolveBlockSeq.resolveBlockSeq(CN, ctx, token, onError, tag) : resolveFlowCollection.resolveFlowCollection(CN, ctx, token, onError, tag);
		const Coll = coll.constructor;
		if (tagName === "!" || tagName === Coll.tagName) {
			coll.tag = Coll.tagName;
			return coll;
		}
		if (tagName) coll.tag = tagName;
		return coll;
	}
	function composeCollection(CN, ctx, token, props, onError) {
		const tagToken = props.tag;
		const tagName = !tagToken ? null : ctx.directives.tagName(tagToken.source, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg));
		if (token.type === "block-seq") {
			const { anchor, newlineAfterProp: nl } = props;
			const lastProp = anchor && tagToken ? anchor.offset > tagToken.offset ? anchor : tagToken : anchor ?? tagToken;
			if (lastProp && (!nl || nl.offset < lastProp.offset)) onError(lastProp, "MISSING_CHAR", "Missing newline after block sequence props");
		}
		const expType = token.type === "block-map" ? "map" : token.type === "block-seq" ? "seq" : token.start.source === "{" ? "map" : "seq";
		if (!tagToken || !tagName || tagName === "!" || tagName === YAMLMap.YAMLMap.tagName && expType === "map" || tagName === YAMLSeq.YAMLSeq.tagName && expType === "seq") return resolveCollection(CN, ctx, token, onError, tagName);
		let tag = ctx.schema.tags.find((t) => t.tag === tagName && t.collection === expType);
		if (!tag) {
			const kt = ctx.schema.knownTags[tagName];
			if (kt?.collection === expType) {
				ctx.schema.tags.push(Object.assign({}, kt, { default: false }));
				tag = kt;
			} else {
				if (kt) onError(tagToken, "BAD_COLLECTION_TYPE", `${kt.tag} used for ${expType} collection, but expects ${kt.collection ?? "scalar"}`, true);
				else onError(tagToken, "TAG_RESOLVE_FAILED", `Unresolved tag: ${tagName}`, true);
				return resolveCollection(CN, ctx, token, onError, tagName);
			}
		}
		const coll = resolveCollection(CN, ctx, token, onError, tagName, tag);
		const res = tag.resolve?.(coll, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg), ctx.options) ?? coll;
		const node = identity.isNode(res) ? res : new Scalar.Scalar(res);
		node.range = coll.range;
		node.tag = tagName;
		if (tag?.format) node.format = tag.format;
		return node;
	}
	exports.composeCollection = composeCollection;
}));
// node_modules/yaml/dist/compose/resolve-block-scalar.js
var require_resolve_block_scalar = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Scalar = require_Scalar();
	function resolveBlockScalar(ctx, scalar, onError) {
		const start = scalar.offset;
		const header = parseBlockScalarHeader(scalar, ctx.options.strict, onError);
		if (!header) return {
			value: "",
			type: null,
			comment: "",
			range: [
				start,
				start,
				start
			]
		};
		const type = header.mode === ">" ? Scalar.Scalar.BLOCK_FOLDED : Scalar.Scalar.BLOCK_LITERAL;
		const lines = scalar.source ? splitLines(scalar.source) : [];
		let chompStart = lines.length;
		for (let i = lines.length - 1; i >= 0; --i) {
			const content = lines[i][1];
			if (content === "" || content === "\r") chompStart = i;
			else break;
		}
		if (chompStart === 0) {
			const value = header.chomp === "+" && lines.length > 0 ? "\n".repeat(Math.max(1, lines.length - 1)) : "";
			let end = start + header.length;
			if (scalar.source) end += scalar.source.length;
			return {
				value,
				type,
				comment: header.comment,
				range: [
					start,
					end,
					end
				]
			};
		}
		let trimIndent = scalar.indent + header.indent;
		let offset = scalar.offset + header.length;
		let contentStart = 0;
		for (let i = 0; i < chompStart; ++i) {
			const [indent, content] = lines[i];
			if (content === "" || content === "\r") {
				if (header.indent === 0 && indent.length > trimIndent) trimIndent = indent.length;
			} else {
				if (indent.length < trimIndent) onError(offset + indent.length, "MISSING_CHAR", "Block scalars with more-indented leading empty lines must use an explicit indentation indicator");
				if (header.indent === 0) trimIndent = indent.length;
				contentStart = i;
				if (trimIndent === 0 && !ctx.atRoot) onError(offset, "BAD_INDENT", "Block scalar values in collections must be indented");
				break;
			}
			offset += indent.length + content.length + 1;
		}
		for (let i = lines.length - 1; i >= chompStart; --i) if (lines[i][0].length > trimIndent) chompStart = i + 1;
		let value = "";
		let sep = "";
		let prevMoreIndented = false;
		for (let i = 0; i < contentStart; ++i) value += lines[i][0].slice(trimIndent) + "\n";
		for (let i = contentStart; i < chompStart; ++i) {
			let [indent, content] = lines[i];
			offset += indent.length + content.length + 1;
			const crlf = content[content.length - 1] === "\r";
			if (crlf) content = content.slice(0, -1);
			/* istanbul ignore if already caught in lexer */
			if (content && indent.length < trimIndent) {
				const message = `Block scalar lines must not be less indented than their ${header.indent ? "explicit indentation indicator" : "first line"}`;
				onError(offset - content.length - (crlf ? 2 : 1), "BAD_INDENT", message);
				indent = "";
			}
			if (type === Scalar.Scalar.BLOCK_LITERAL) {
				value += sep + indent.slice(trimIndent) + content;
				sep = "\n";
			} else if (indent.length > trimIndent || content[0] === "	") {
				if (sep === " ") sep = "\n";
				else if (!prevMoreIndented && sep === "\n") sep = "\n\n";
				value += sep + indent.slice(trimIndent) + content;
				sep = "\n";
				prevMoreIndented = true;
			} else if (content === "") {
				if (sep === "\n") value += "\n";
				else sep = "\n";
			} else {
				value += sep + content;
				sep = " ";
				prevMoreIndented = false;
			}
		}
		switch (header.chomp) {
			case "-": break;
			case "+":
				for (let i = chompStart; i < lines.length; ++i) value += "\n" + lines[i][0].slice(trimIndent);
				if (value[value.length - 1] !== "\n") value += "\n";
				break;
			default: value += "\n";
		}
		const end = start + header.length + scalar.source.length;
		return {
			value,
			type,
			comment: header.comment,
			range: [
				start,
				end,
				end
			]
		};
	}
	function parseBlockScalarHeader({ offset, props }, strict, onError) {
		/* istanbul ignore if should not happen */
		if (props[0].type !== "block-scalar-header") {
			onError(props[0], "IMPOSSIBLE", "Block scalar header not found");
			return null;
		}
		const { source } = props[0];
		const mode = source[0];
		let indent = 0;
		let chomp = "";
		let error = -1;
		for (let i = 1; i < source.length; ++i) {
			const ch = source[i];
			if (!chomp && (ch === "-" || ch === "+")) chomp = ch;
			else {
				const n = Number(ch);
				if (!indent && n) indent = n;
				else if (error === -1) error = offset + i;
			}
		}
		if (error !== -1) onError(error, "UNEXPECTED_TOKEN", `Block scalar header includes extra characters: ${source}`);
		let hasSpace = false;
		let comment = "";
		let length = source.length;
		for (let i = 1; i < props.length; ++i) {
			const token = props[i];
			switch (token.type) {
				case "space": hasSpace = true;
				case "newline":
					length += token.source.length;
					break;
				case "comment":
					if (strict && !hasSpace) onError(token, "MISSING_CHAR", "Comments must be separated from other tokens by white space characters");
					length += token.source.length;
					comment = token.source.substring(1);
					break;
				case "error":
					onError(token, "UNEXPECTED_TOKEN", token.message);
					length += token.source.length;
					break;
				/* istanbul ignore next should not happen */
				default: {
					onError(token, "UNEXPECTED_TOKEN", `Unexpected token in block scalar header: ${token.type}`);
					const ts = token.source;
					if (ts && typeof ts === "string") length += ts.length;
				}
			}
		}
		return {
			mode,
			indent,
			chomp,
			comment,
			length
		};
	}
	/** @returns Array of lines split up as `[indent, content]` */
	function splitLines(source) {
		const split = source.split(/\n( *)/);
		const first = split[0];
		const m = first.match(/^( *)/);
		const lines = [m?.[1] ? [m[1], first.slice(m[1].length)] : ["", first]];
		for (let i = 1; i < split.length; i += 2) lines.push([split[i], split[i + 1]]);
		return lines;
	}
	exports.resolveBlockScalar = resolveBlockScalar;
}));
// node_modules/yaml/dist/compose/resolve-flow-scalar.js
var require_resolve_flow_scalar = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Scalar = require_Scalar();
	var resolveEnd = require_resolve_end();
	function resolveFlowScalar(scalar, strict, onError) {
		const { offset, type, source, end } = scalar;
		let _type;
		let value;
		const _onError = (rel, code, msg) => onError(offset + rel, code, msg);
		switch (type) {
			case "scalar":
				_type = Scalar.Scalar.PLAIN;
				value = plainValue(source, _onError);
				break;
			case "single-quoted-scalar":
				_type = Scalar.Scalar.QUOTE_SINGLE;
				value = singleQuotedValue(source, _onError);
				break;
			case "double-quoted-scalar":
				_type = Scalar.Scalar.QUOTE_DOUBLE;
				value = doubleQuotedValue(source, _onError);
				break;
			/* istanbul ignore next should not happen */
			default:
				onError(scalar, "UNEXPECTED_TOKEN", `Expected a flow scalar value, but found: ${type}`);
				return {
					value: "",
					type: null,
					comment: "",
					range: [
						offset,
						offset + source.length,
						offset + source.length
					]
				};
		}
		const valueEnd = offset + source.length;
		const re = resolveEnd.resolveEnd(end, valueEnd, strict, onError);
		return {
			value,
			type: _type,
			comment: re.comment,
			range: [
				offset,
				valueEnd,
				re.offset
			]
		};
	}
	function plainValue(source, onError) {
		let badChar = "";
		switch (source[0]) {
			/* istanbul ignore next should not happen */
			case "	":
				badChar = "a tab character";
				break;
			case ",":
				badChar = "flow indicator character ,";
				break;
			case "%":
				badChar = "directive indicator character %";
				break;
			case "|":
			case ">":
				badChar = `block scalar indicator ${source[0]}`;
				break;
			case "@":
			case "`": badChar = `reserved character ${source[0]}`;
		}
		if (badChar) onError(0, "BAD_SCALAR_START", `Plain value cannot start with ${badChar}`);
		return unfoldLines(source);
	}
	function singleQuotedValue(source, onError) {
		if (source[source.length - 1] !== "'" || source.length === 1) onError(source.length, "MISSING_CHAR", "Missing closing 'quote");
		return unfoldLines(source.slice(1, -1)).replace(/''/g, "'");
	}
	function unfoldLines(source) {
		const line = /(.*?)\r?\n/sy;
		let match = line.exec(source);
		if (!match) return source;
		/**
		* The negative lookbehinds in these RegExps are to
		* prevent causing a polynomial search time in certain cases.
		*
		* The try-catch is for Safari < 16.4 and other old browsers:
		* https://caniuse.com/js-regexp-lookbehind
		*/
		let trimEnd, trimBoth;
		try {
			trimEnd = new RegExp("(?<![ 	])[ 	]+$");
			trimBoth = new RegExp("^[ 	]+|(?<![ 	])[ 	]+$", "g");
		} catch {
			trimEnd = /[ \t]+$/;
			trimBoth = /^[ \t]+|[ \t]+$/g;
		}
		let res = match[1].replace(trimEnd, "");
		let sep = " ";
		let pos = line.lastIndex;
		while (match = line.exec(source)) {
			const lm = match[1].replace(trimBoth, "");
			if (lm === "") {
				if (sep === "\n") res += sep;
				else sep = "\n";
			} else {
				res += sep + lm;
				sep = " ";
			}
			pos = line.lastIndex;
		}
		const last = /[ \t]*(.*)/sy;
		last.lastIndex = pos;
		match = last.exec(source);
		return res + sep + (match?.[1] ?? "");
	}
	function doubleQuotedValue(source, onError) {
		let res = "";
		for (let i = 1; i < source.length - 1; ++i) {
			const ch = source[i];
			if (ch === "\r" && source[i + 1] === "\n") continue;
			if (ch === "\n") {
				const { fold, offset } = foldNewline(source, i);
				res += fold;
				i = offset;
			} else if (ch === "\\") {
				let next = source[++i];
				const cc = escapeCodes[next];
				if (cc) res += cc;
				else if (next === "\n") {
					next = source[i + 1];
					while (next === " " || next === "	") next = source[++i + 1];
				} else if (next === "\r" && source[i + 1] === "\n") {
					next = source[++i + 1];
					while (next === " " || next === "	") next = source[++i + 1];
				} else if (next === "x" || next === "u" || next === "U") {
					const length = next === "x" ? 2 : next === "u" ? 4 : 8;
					res += parseCharCode(source, i + 1, length, onError);
					i += length;
				} else {
					const raw = source.substr(i - 1, 2);
					onError(i - 1, "BAD_DQ_ESCAPE", `Invalid escape sequence ${raw}`);
					res += raw;
				}
			} else if (ch === " " || ch === "	") {
				const wsStart = i;
				let next = source[i + 1];
				while (next === " " || next === "	") next = source[++i + 1];
				if (next !== "\n" && !(next === "\r" && source[i + 2] === "\n")) res += i > wsStart ? source.slice(wsStart, i + 1) : ch;
			} else res += ch;
		}
		if (source[source.length - 1] !== "\"" || source.length === 1) onError(source.length, "MISSING_CHAR", "Missing closing \"quote");
		return res;
	}
	/**
	* Fold a single newline into a space, multiple newlines to N - 1 newlines.
	* Presumes `source[offset] === '\n'`
	*/
	function foldNewline(source, offset) {
		let fold = "";
		let ch = source[offset + 1];
		while (ch === " " || ch === "	" || ch === "\n" || ch === "\r") {
			if (ch === "\r" && source[offset + 2] !== "\n") break;
			if (ch === "\n") fold += "\n";
			offset += 1;
			ch = source[offset + 1];
		}
		if (!fold) fold = " ";
		return {
			fold,
			offset
		};
	}
	const escapeCodes = {
		"0": "\0",
		a: "\x07",
		b: "\b",
		e: "\x1B",
		f: "\f",
		n: "\n",
		r: "\r",
		t: "	",
		v: "\v",
		N: "",
		_: "\xA0",
		L: "\u2028",
		P: "\u2029",
		" ": " ",
		"\"": "\"",
		"/": "/",
		"\\": "\\",
		"	": "	"
	};
	function parseCharCode(source, offset, length, onError) {
		const cc = source.substr(offset, length);
		const code = cc.length === length && /^[0-9a-fA-F]+$/.test(cc) ? parseInt(cc, 16) : NaN;
		try {
			return String.fromCodePoint(code);
		} catch {
			const raw = source.substr(offset - 2, length + 2);
			onError(offset - 2, "BAD_DQ_ESCAPE", `Invalid escape sequence ${raw}`);
			return raw;
		}
	}
	exports.resolveFlowScalar = resolveFlowScalar;
}));
// node_modules/yaml/dist/compose/compose-scalar.js
var require_compose_scalar = /* @__PURE__ */ __commonJSMin(((exports) => {
	var identity = require_identity();
	var Scalar = require_Scalar();
	var resolveBlockScalar = require_resolve_block_scalar();
	var resolveFlowScalar = require_resolve_flow_scalar();
	function composeScalar(ctx, token, tagToken, onError) {
		const { value, type, comment, range } = token.type === "block-scalar" ? resolveBlockScalar.resolveBlockScalar(ctx, token, onError) : resolveFlowScalar.resolveFlowScalar(token, ctx.options.strict, onError);
		const tagName = tagToken ? ctx.directives.tagName(tagToken.source, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg)) : null;
		let tag;
		if (ctx.options.stringKeys && ctx.atKey) tag = ctx.schema[identity.SCALAR];
		else if (tagName) tag = findScalarTagByName(ctx.schema, value, tagName, tagToken, onError);
		else if (token.type === "scalar") tag = findScalarTagByTest(ctx, value, token, onError);
		else tag = ctx.schema[identity.SCALAR];
		let scalar;
		try {
			const res = tag.resolve(value, (msg) => onError(tagToken ?? token, "TAG_RESOLVE_FAILED", msg), ctx.options);
			scalar = identity.isScalar(res) ? res : new Scalar.Scalar(res);
		} catch (error) {
			const msg = error instanceof Error ? error.message : String(error);
			onError(tagToken ?? token, "TAG_RESOLVE_FAILED", msg);
			scalar = new Scalar.Scalar(value);
		}
		scalar.range = range;
		scalar.source = value;
		if (type) scalar.type = type;
		if (tagName) scalar.tag = tagName;
		if (tag.format) scalar.format = tag.format;
		if (comment) scalar.comment = comment;
		return scalar;
	}
	function findScalarTagByName(schema, value, tagName, tagToken, onError) {
		if (tagName === "!") return schema[identity.SCALAR];
		const matchWithTest = [];
		for (const tag of schema.tags) if (!tag.collection && tag.tag === tagName) {
			if (tag.default && tag.test) matchWithTest.push(tag);
			else return tag;
		}
		for (const tag of matchWithTest) if (tag.test?.test(value)) return tag;
		const kt = schema.knownTags[tagName];
		if (kt && !kt.collection) {
			schema.tags.push(Object.assign({}, kt, {
				default: false,
				test: void 0
			}));
			return kt;
		}
		onError(tagToken, "TAG_RESOLVE_FAILED", `Unresolved tag: ${tagName}`, tagName !== "tag:yaml.org,2002:str");
		return schema[identity.SCALAR];
	}
	function findScalarTagByTest({ atKey, directives, schema }, value, token, onError) {
		const tag = schema.tags.find((tag) => (tag.default === true || atKey && tag.default === "key") && tag.test?.test(value)) || schema[identity.SCALAR];
		if (schema.compat) {
			const compat = schema.compat.find((tag) => tag.default && tag.test?.test(value)) ?? schema[identity.SCALAR];
			if (tag.tag !== compat.tag) onError(token, "TAG_RESOLVE_FAILED", `Value may be parsed as either ${directives.tagString(tag.tag)} or ${directives.tagString(compat.tag)}`, true);
		}
		return tag;
	}
	exports.composeScalar = composeScalar;
}));
// node_modules/yaml/dist/compose/util-empty-scalar-position.js
var require_util_empty_scalar_position = /* @__PURE__ */ __commonJSMin(((exports) => {
	function emptyScalarPosition(offset, before, pos) {
		if (before) {
			pos ?? (pos = before.length);
			for (let i = pos - 1; i >= 0; --i) {
				let st = before[i];
				switch (st.type) {
					case "space":
					case "comment":
					case "newline":
						offset -= st.source.length;
						continue;
				}
				st = before[++i];
				while (st?.type === "space") {
					offset += st.source.length;
					st = before[++i];
				}
				break;
			}
		}
		return offset;
	}
	exports.emptyScalarPosition = emptyScalarPosition;
}));
// node_modules/yaml/dist/compose/compose-node.js
var require_compose_node = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Alias = require_Alias();
	var identity = require_identity();
	var composeCollection = require_compose_collection();
	var composeScalar = require_compose_scalar();
	var resolveEnd = require_resolve_end();
	var utilEmptyScalarPosition = require_util_empty_scalar_position();
	const CN = {
		composeNode,
		composeEmptyNode
	};
	function composeNode(ctx, token, props, onError) {
		const atKey = ctx.atKey;
		const { spaceBefore, comment, anchor, tag } = props;
		let node;
		let isSrcToken = true;
		switch (token.type) {
			case "alias":
				node = composeAlias(ctx, token, onError);
				if (anchor || tag) onError(token, "ALIAS_PROPS", "An alias node must not specify any properties");
				break;
			case "scalar":
			case "single-quoted-scalar":
			case "double-quoted-scalar":
			case "block-scalar":
				node = composeScalar.composeScalar(ctx, token, tag, onError);
				if (anchor) node.anchor = anchor.source.substring(1);
				break;
			case "block-map":
			case "block-seq":
			case "flow-collection":
				try {
					node = composeCollection.composeCollection(CN, ctx, token, props, onError);
					if (anchor) node.anchor = anchor.source.substring(1);
				} catch (error) {
					onError(token, "RESOURCE_EXHAUSTION", error instanceof Error ? error.message : String(error));
				}
				break;
			default:
				onError(token, "UNEXPECTED_TOKEN", token.type === "error" ? token.message : `Unsupported token (type: ${token.type})`);
				isSrcToken = false;
		}
		node ?? (node = composeEmptyNode(ctx, token.offset, void 0, null, props, onError));
		if (anchor && node.anchor === "") onError(anchor, "BAD_ALIAS", "Anchor cannot be an empty string");
		if (atKey && ctx.options.stringKeys && (!identity.isScalar(node) || typeof node.value !== "string" || node.tag && node.tag !== "tag:yaml.org,2002:str")) onError(tag ?? token, "NON_STRING_KEY", "With stringKeys, all keys must be strings");
		if (spaceBefore) node.spaceBefore = true;
		if (comment) {
			if (token.type === "scalar" && token.source === "") node.comment = comment;
			else node.commentBefore = comment;
		}
		if (ctx.options.keepSourceTokens && isSrcToken) node.srcToken = token;
		return node;
	}
	function composeEmptyNode(ctx, offset, before, pos, { spaceBefore, comment, anchor, tag, end }, onError) {
		const token = {
			type: "scalar",
			offset: utilEmptyScalarPosition.emptyScalarPosition(offset, before, pos),
			indent: -1,
			source: ""
		};
		const node = composeScalar.composeScalar(ctx, token, tag, onError);
		if (anchor) {
			node.anchor = anchor.source.substring(1);
			if (node.anchor === "") onError(anchor, "BAD_ALIAS", "Anchor cannot be an empty string");
		}
		if (spaceBefore) node.spaceBefore = true;
		if (comment) {
			node.comment = comment;
			node.range[2] = end;
		}
		return node;
	}
	function composeAlias({ options }, { offset, source, end }, onError) {
		const alias = new Alias.Alias(source.substring(1));
		if (alias.source === "") onError(offset, "BAD_ALIAS", "Alias cannot be an empty string");
		if (alias.source.endsWith(":")) onError(offset + source.length - 1, "BAD_ALIAS", "Alias ending in : is ambiguous", true);
		const valueEnd = offset + source.length;
		const re = resolveEnd.resolveEnd(end, valueEnd, options.strict, onError);
		alias.range = [
			offset,
			valueEnd,
			re.offset
		];
		if (re.comment) alias.comment = re.comment;
		return alias;
	}
	exports.composeEmptyNode = composeEmptyNode;
	exports.composeNode = composeNode;
}));
// node_modules/yaml/dist/compose/compose-doc.js
var require_compose_doc = /* @__PURE__ */ __commonJSMin(((exports) => {
	var Document = require_Document();
	var composeNode = require_compose_node();
	var resolveEnd = require_resolve_end();
	var resolveProps = require_resolve_props();
	function composeDoc(options, directives, { offset, start, value, end }, onError) {
		const opts = Object.assign({ _directives: directives }, options);
		const doc = new Document.Document(void 0, opts);
		const ctx = {
			atKey: false,
			atRoot: true,
			directives: doc.directives,
			options: doc.options,
			schema: doc.schema
		};
		const props = resolveProps.resolveProps(start, {
			indicator: "doc-start",
			next: value ?? end?.[0],
			offset,
			onError,
			parentIndent: 0,
			startOnNewline: true
		});
		if (props.found) {
			doc.directives.docStart = true;
			if (value && (value.type === "block-map" || value.type === "block-seq") && !props.hasNewline) onError(props.end, "MISSING_CHAR", "Block collection cannot start on same line with directives-end marker");
		}
		doc.contents = value ? composeNode.composeNode(ctx, value, props, onError) : composeNode.composeEmptyNode(ctx, props.end, start, null, props, onError);
		const contentEnd = doc.contents.range[2];
		const re = resolveEnd.resolveEnd(end, contentEnd, false, onError);
		if (re.comment) doc.comment = re.comment;
		doc.range = [
			offset,
			contentEnd,
			re.offset
		];
		return doc;
	}
	exports.composeDoc = composeDoc;
}));
// node_modules/yaml/dist/compose/composer.js
var require_composer = /* @__PURE__ */ __commonJSMin(((exports) => {
	var node_process = __require("process");
	var directives = require_directives();
	var Document = require_Document();
	var errors = require_errors();
	var identity = require_identity();
	var composeDoc = require_compose_doc();
	var resolveEnd = require_resolve_end();
	function getErrorPos(src) {
		if (typeof src === "number") return [src, src + 1];
		if (Array.isArray(src)) return src.length === 2 ? src : [src[0], src[1]];
		const { offset, source } = src;
		return [offset, offset + (typeof source === "string" ? source.length : 1)];
	}
	function parsePrelude(prelude) {
		let comment = "";
		let atComment = false;
		let afterEmptyLine = false;
		for (let i = 0; i < prelude.length; ++i) {
			const source = prelude[i];
			switch (source[0]) {
				case "#":
					comment += (comment === "" ? "" : afterEmptyLine ? "\n\n" : "\n") + (source.substring(1) || " ");
					atComment = true;
					afterEmptyLine = false;
					break;
				case "%":
					if (prelude[i + 1]?.[0] !== "#") i += 1;
					atComment = false;
					break;
				default:
					if (!atComment) afterEmptyLine = true;
					atComment = false;
			}
		}
		return {
			comment,
			afterEmptyLine
		};
	}
	/**
	* Compose a stream of CST nodes into a stream of YAML Documents.
	*
	* ```ts
	* import { Composer, Parser } from 'yaml'
	*
	* const src: string = ...
	* const tokens = new Parser().parse(src)
	* const docs = new Composer().compose(tokens)
	* ```
	*/
	var Composer = class {
		constructor(options = {}) {
			this.doc = null;
			this.atDirectives = false;
			this.prelude = [];
			this.errors = [];
			this.warnings = [];
			this.onError = (source, code, message, warning) => {
				const pos = getErrorPos(source);
				if (warning) this.warnings.push(new errors.YAMLWarning(pos, code, message));
				else this.errors.push(new errors.YAMLParseError(pos, code, message));
			};
			this.directives = new directives.Directives({ version: options.version || "1.2" });
			this.options = options;
		}
		decorate(doc, afterDoc) {
			const { comment, afterEmptyLine } = parsePrelude(this.prelude);
			if (comment) {
				const dc = doc.contents;
				if (afterDoc) doc.comment = doc.comment ? `${doc.comment}\n${comment}` : comment;
				else if (afterEmptyLine || doc.directives.docStart || !dc) doc.commentBefore = comment;
				else if (identity.isCollection(dc) && !dc.flow && dc.items.length > 0) {
					let it = dc.items[0];
					if (identity.isPair(it)) it = it.key;
					const cb = it.commentBefore;
					it.commentBefore = cb ? `${comment}\n${cb}` : comment;
				} else {
					const cb = dc.commentBefore;
					dc.commentBefore = cb ? `${comment}\n${cb}` : comment;
				}
			}
			if (afterDoc) {
				for (let i = 0; i < this.errors.length; ++i) doc.errors.push(this.errors[i]);
				for (let i = 0; i < this.warnings.length; ++i) doc.warnings.push(this.warnings[i]);
			} else {
				doc.errors = this.errors;
				doc.warnings = this.warnings;
			}
			this.prelude = [];
			this.errors = [];
			this.warnings = [];
		}
		/**
		* Current stream status information.
		*
		* Mostly useful at the end of input for an empty stream.
		*/
		streamInfo() {
			return {
				comment: parsePrelude(this.prelude).comment,
				directives: this.directives,
				errors: this.errors,
				warnings: this.warnings
			};
		}
		/**
		* Compose tokens into documents.
		*
		* @param forceDoc - If the stream contains no document, still emit a final document including any comments and directives that would be applied to a subsequent document.
		* @param endOffset - Should be set if `forceDoc` is also set, to set the document range end and to indicate errors correctly.
		*/
		*compose(tokens, forceDoc = false, endOffset = -1) {
			for (const token of tokens) yield* this.next(token);
			yield* this.end(forceDoc, endOffset);
		}
		/** Advance the composer by one CST token. */
		*next(token) {
			if (node_process.env.LOG_STREAM) console.dir(token, { depth: null });
			switch (token.type) {
				case "directive":
					this.directives.add(token.source, (offset, message, warning) => {
						const pos = getErrorPos(token);
						pos[0] += offset;
						this.onError(pos, "BAD_DIRECTIVE", message, warning);
					});
					this.prelude.push(token.source);
					this.atDirectives = true;
					break;
				case "document": {
					const doc = composeDoc.composeDoc(this.options, this.directives, token, this.onError);
					if (this.atDirectives && !doc.directives.docStart) this.onError(token, "MISSING_CHAR", "Missing directives-end/doc-start indicator line");
					this.decorate(doc, false);
					if (this.doc) yield this.doc;
					this.doc = doc;
					this.atDirectives = false;
					break;
				}
				case "byte-order-mark":
				case "space": break;
				case "comment":
				case "newline":
					this.prelude.push(token.source);
					break;
				case "error": {
					const msg = token.source ? `${token.message}: ${JSON.stringify(token.source)}` : token.message;
					const error = new errors.YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", msg);
					if (this.atDirectives || !this.doc) this.errors.push(error);
					else this.doc.errors.push(error);
					break;
				}
				case "doc-end": {
					if (!this.doc) {
						this.errors.push(new errors.YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", "Unexpected doc-end without preceding document"));
						break;
					}
					this.doc.directives.docEnd = true;
					const end = resolveEnd.resolveEnd(token.end, token.offset + token.source.length, this.doc.options.strict, this.onError);
					this.decorate(this.doc, true);
					if (end.comment) {
						const dc = this.doc.comment;
						this.doc.comment = dc ? `${dc}\n${end.comment}` : end.comment;
					}
					this.doc.range[2] = end.offset;
					break;
				}
				default: this.errors.push(new errors.YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", `Unsupported token ${token.type}`));
			}
		}
		/**
		* Call at end of input to yield any remaining document.
		*
		* @param forceDoc - If the stream contains no document, still emit a final document including any comments and directives that would be applied to a subsequent document.
		* @param endOffset - Should be set if `forceDoc` is also set, to set the document range end and to indicate errors correctly.
		*/
		*end(forceDoc = false, endOffset = -1) {
			if (this.doc) {
				this.decorate(this.doc, true);
				yield this.doc;
				this.doc = null;
			} else if (forceDoc) {
				const opts = Object.assign({ _directives: this.directives }, this.options);
				const doc = new Document.Document(void 0, opts);
				if (this.atDirectives) this.onError(endOffset, "MISSING_CHAR", "Missing directives-end indicator line");
				doc.range = [
					0,
					endOffset,
					endOffset
				];
				this.decorate(doc, false);
				yield doc;
			}
		}
	};
	exports.Composer = Composer;
}));
// node_modules/yaml/dist/parse/cst-scalar.js
var require_cst_scalar = /* @__PURE__ */ __commonJSMin(((exports) => {
	var resolveBlockScalar = require_resolve_block_scalar();
	var resolveFlowScalar = require_resolve_flow_scalar();
	var errors = require_errors();
	var stringifyString = require_stringifyString();
	function resolveAsScalar(token, strict = true, onError) {
		if (token) {
			const _onError = (pos, code, message) => {
				const offset = typeof pos === "number" ? pos : Array.isArray(pos) ? pos[0] : pos.offset;
				if (onError) onError(offset, code, message);
				else throw new errors.YAMLParseError([offset, offset + 1], code, message);
			};
			switch (token.type) {
				case "scalar":
				case "single-quoted-scalar":
				case "double-quoted-scalar": return resolveFlowScalar.resolveFlowScalar(token, strict, _onError);
				case "block-scalar": return resolveBlockScalar.resolveBlockScalar({ options: { strict } }, token, _onError);
			}
		}
		return null;
	}
	/**
	* Create a new scalar token with `value`
	*
	* Values that represent an actual string but may be parsed as a different type should use a `type` other than `'PLAIN'`,
	* as this function does not support any schema operations and won't check for such conflicts.
	*
	* @param value The string representation of the value, which will have its content properly indented.
	* @param context.end Comments and whitespace after the end of the value, or after the block scalar header. If undefined, a newline will be added.
	* @param context.implicitKey Being within an implicit key may affect the resolved type of the token's value.
	* @param context.indent The indent level of the token.
	* @param context.inFlow Is this scalar within a flow collection? This may affect the resolved type of the token's value.
	* @param context.offset The offset position of the token.
	* @param context.type The preferred type of the scalar token. If undefined, the previous type of the `token` will be used, defaulting to `'PLAIN'`.
	*/
	function createScalarToken(value, context) {
		const { implicitKey = false, indent, inFlow = false, offset = -1, type = "PLAIN" } = context;
		const source = stringifyString.stringifyString({
			type,
			value
		}, {
			implicitKey,
			indent: indent > 0 ? " ".repeat(indent) : "",
			inFlow,
			options: {
				blockQuote: true,
				lineWidth: -1
			}
		});
		const end = context.end ?? [{
			type: "newline",
			offset: -1,
			indent,
			source: "\n"
		}];
		switch (source[0]) {
			case "|":
			case ">": {
				const he = source.indexOf("\n");
				const head = source.substring(0, he);
				const body = source.substring(he + 1) + "\n";
				const props = [{
					type: "block-scalar-header",
					offset,
					indent,
					source: head
				}];
				if (!addEndtoBlockProps(props, end)) props.push({
					type: "newline",
					offset: -1,
					indent,
					source: "\n"
				});
				return {
					type: "block-scalar",
					offset,
					indent,
					props,
					source: body
				};
			}
			case "\"": return {
				type: "double-quoted-scalar",
				offset,
				indent,
				source,
				end
			};
			case "'": return {
				type: "single-quoted-scalar",
				offset,
				indent,
				source,
				end
			};
			default: return {
				type: "scalar",
				offset,
				indent,
				source,
				end
			};
		}
	}
	/**
	* Set the value of `token` to the given string `value`, overwriting any previous contents and type that it may have.
	*
	* Best efforts are made to retain any comments previously associated with the `token`,
	* though all contents within a collection's `items` will be overwritten.
	*
	* Values that represent an actual string but may be parsed as a different type should use a `type` other than `'PLAIN'`,
	* as this function does not support any schema operations and won't check for such conflicts.
	*
	* @param token Any token. If it does not include an `indent` value, the value will be stringified as if it were an implicit key.
	* @param value The string representation of the value, which will have its content properly indented.
	* @param context.afterKey In most cases, values after a key should have an additional level of indentation.
	* @param context.implicitKey Being within an implicit key may affect the resolved type of the token's value.
	* @param context.inFlow Being within a flow collection may affect the resolved type of the token's value.
	* @param context.type The preferred type of the scalar token. If undefined, the previous type of the `token` will be used, defaulting to `'PLAIN'`.
	*/
	function setScalarValue(token, value, context = {}) {
		let { afterKey = false, implicitKey = false, inFlow = false, type } = context;
		let indent = "indent" in token ? token.indent : null;
		if (afterKey && typeof indent === "number") indent += 2;
		if (!type) switch (token.type) {
			case "single-quoted-scalar":
				type = "QUOTE_SINGLE";
				break;
			case "double-quoted-scalar":
				type = "QUOTE_DOUBLE";
				break;
			case "block-scalar": {
				const header = token.props[0];
				if (header.type !== "block-scalar-header") throw new Error("Invalid block scalar header");
				type = header.source[0] === ">" ? "BLOCK_FOLDED" : "BLOCK_LITERAL";
				break;
			}
			default: type = "PLAIN";
		}
		const source = stringifyString.stringifyString({
			type,
			value
		}, {
			implicitKey: implicitKey || indent === null,
			indent: indent !== null && indent > 0 ? " ".repeat(indent) : "",
			inFlow,
			options: {
				blockQuote: true,
				lineWidth: -1
			}
		});
		switch (source[0]) {
			case "|":
			case ">":
				setBlockScalarValue(token, source);
				break;
			case "\"":
				setFlowScalarValue(token, source, "double-quoted-scalar");
				break;
			case "'":
				setFlowScalarValue(token, source, "single-quoted-scalar");
				break;
			default: setFlowScalarValue(token, source, "scalar");
		}
	}
	function setBlockScalarValue(token, source) {
		const he = source.indexOf("\n");
		const head = source.substring(0, he);
		const body = source.substring(he + 1) + "\n";
		if (token.type === "block-scalar") {
			const header = token.props[0];
			if (header.type !== "block-scalar-header") throw new Error("Invalid block scalar header");
			header.source = head;
			token.source = body;
		} else {
			const { offset } = token;
			const indent = "indent" in token ? token.indent : -1;
			const props = [{
				type: "block-scalar-header",
				offset,
				indent,
				source: head
			}];
			if (!addEndtoBlockProps(props, "end" in token ? token.end : void 0)) props.push({
				type: "newline",
				offset: -1,
				indent,
				source: "\n"
			});
			for (const key of Object.keys(token)) if (key !== "type" && key !== "offset") delete token[key];
			Object.assign(token, {
				type: "block-scalar",
				indent,
				props,
				source: body
			});
		}
	}
	/** @returns `true` if last token is a newline */
	function addEndtoBlockProps(props, end) {
		if (end) for (const st of end) switch (st.type) {
			case "space":
			case "comment":
				props.push(st);
				break;
			case "newline":
				props.push(st);
				return true;
		}
		return false;
	}
	function setFlowScalarValue(token, source, type) {
		switch (token.type) {
			case "scalar":
			case "double-quoted-scalar":
			case "single-quoted-scalar":
				token.type = type;
				token.source = source;
				break;
			case "block-scalar": {
				const end = token.props.slice(1);
				let oa = source.length;
				if (token.props[0].type === "block-scalar-header") oa -= token.props[0].source.length;
				for (const tok of end) tok.offset += oa;
				delete token.props;
				Object.assign(token, {
					type,
					source,
					end
				});
				break;
			}
			case "block-map":
			case "block-seq": {
				const nl = {
					type: "newline",
					offset: token.offset + source.length,
					indent: token.indent,
					source: "\n"
				};
				delete token.items;
				Object.assign(token, {
					type,
					source,
					end: [nl]
				});
				break;
			}
			default: {
				const indent = "indent" in token ? token.indent : -1;
				const end = "end" in token && Array.isArray(token.end) ? token.end.filter((st) => st.type === "space" || st.type === "comment" || st.type === "newline") : [];
				for (const key of Object.keys(token)) if (key !== "type" && key !== "offset") delete token[key];
				Object.assign(token, {
					type,
					indent,
					source,
					end
				});
			}
		}
	}
	exports.createScalarToken = createScalarToken;
	exports.resolveAsScalar = resolveAsScalar;
	exports.setScalarValue = setScalarValue;
}));
// node_modules/yaml/dist/parse/cst-stringify.js
var require_cst_stringify = /* @__PURE__ */ __commonJSMin(((exports) => {
	/**
	* Stringify a CST document, token, or collection item
	*
	* Fair warning: This applies no validation whatsoever, and
	* simply concatenates the sources in their logical order.
	*/
	const stringify = (cst) => "type" in cst ? stringifyToken(cst) : stringifyItem(cst);
	function stringifyToken(token) {
		switch (token.type) {
			case "block-scalar": {
				let res = "";
				for (const tok of token.props) res += stringifyToken(tok);
				return res + token.source;
			}
			case "block-map":
			case "block-seq": {
				let res = "";
				for (const item of token.items) res += stringifyItem(item);
				return res;
			}
			case "flow-collection": {
				let res = token.start.source;
				for (const item of token.items) res += stringifyItem(item);
				for (const st of token.end) res += st.source;
				return res;
			}
			case "document": {
				let res = stringifyItem(token);
				if (token.end) for (const st of token.end) res += st.source;
				return res;
			}
			default: {
				let res = token.source;
				if ("end" in token && token.end) for (const st of token.end) res += st.source;
				return res;
			}
		}
	}
	function stringifyItem({ start, key, sep, value }) {
		let res = "";
		for (const st of start) res += st.source;
		if (key) res += stringifyToken(key);
		if (sep) for (const st of sep) res += st.source;
		if (value) res += stringifyToken(value);
		return res;
	}
	exports.stringify = stringify;
}));
// node_modules/yaml/dist/parse/cst-visit.js
var require_cst_visit = /* @__PURE__ */ __commonJSMin(((exports) => {
	const BREAK = Symbol("break visit");
	const SKIP = Symbol("skip children");
	const REMOVE = Symbol("remove item");
	/**
	* Apply a visitor to a CST document or item.
	*
	* Walks through the tree (depth-first) starting from the root, calling a
	* `visitor` function with two arguments when entering each item:
	*   - `item`: The current item, which included the following members:
	*     - `start: SourceToken[]` – Source tokens before the key or value,
	*       possibly including its anchor or tag.
	*     - `key?: Token | null` – Set for pair values. May then be `null`, if
	*       the key before the `:` separator is empty.
	*     - `sep?: SourceToken[]` – Source tokens between the key and the value,
	*       which should include the `:` map value indicator if `value` is set.
	*     - `value?: Token` – The value of a sequence item, or of a map pair.
	*   - `path`: The steps from the root to the current node, as an array of
	*     `['key' | 'value', number]` tuples.
	*
	* The return value of the visitor may be used to control the traversal:
	*   - `undefined` (default): Do nothing and continue
	*   - `visit.SKIP`: Do not visit the children of this token, continue with
	*      next sibling
	*   - `visit.BREAK`: Terminate traversal completely
	*   - `visit.REMOVE`: Remove the current item, then continue with the next one
	*   - `number`: Set the index of the next step. This is useful especially if
	*     the index of the current token has changed.
	*   - `function`: Define the next visitor for this item. After the original
	*     visitor is called on item entry, next visitors are called after handling
	*     a non-empty `key` and when exiting the item.
	*/
	function visit(cst, visitor) {
		if ("type" in cst && cst.type === "document") cst = {
			start: cst.start,
			value: cst.value
		};
		_visit(Object.freeze([]), cst, visitor);
	}
	/** Terminate visit traversal completely */
	visit.BREAK = BREAK;
	/** Do not visit the children of the current item */
	visit.SKIP = SKIP;
	/** Remove the current item */
	visit.REMOVE = REMOVE;
	/** Find the item at `path` from `cst` as the root */
	visit.itemAtPath = (cst, path) => {
		let item = cst;
		for (const [field, index] of path) {
			const tok = item?.[field];
			if (tok && "items" in tok) item = tok.items[index];
			else return void 0;
		}
		return item;
	};
	/**
	* Get the immediate parent collection of the item at `path` from `cst` as the root.
	*
	* Throws an error if the collection is not found, which should never happen if the item itself exists.
	*/
	visit.parentCollection = (cst, path) => {
		const parent = visit.itemAtPath(cst, path.slice(0, -1));
		const field = path[path.length - 1][0];
		const coll = parent?.[field];
		if (coll && "items" in coll) return coll;
		throw new Error("Parent collection not found");
	};
	function _visit(path, item, visitor) {
		let ctrl = visitor(item, path);
		if (typeof ctrl === "symbol") return ctrl;
		for (const field of ["key", "value"]) {
			const token = item[field];
			if (token && "items" in token) {
				for (let i = 0; i < token.items.length; ++i) {
					const ci = _visit(Object.freeze(path.concat([[field, i]])), token.items[i], visitor);
					if (typeof ci === "number") i = ci - 1;
					else if (ci === BREAK) return BREAK;
					else if (ci === REMOVE) {
						token.items.splice(i, 1);
						i -= 1;
					}
				}
				if (typeof ctrl === "function" && field === "key") ctrl = ctrl(item, path);
			}
		}
		return typeof ctrl === "function" ? ctrl(item, path) : ctrl;
	}
	exports.visit = visit;
}));
// node_modules/yaml/dist/parse/cst.js
var require_cst = /* @__PURE__ */ __commonJSMin(((exports) => {
	var cstScalar = require_cst_scalar();
	var cstStringify = require_cst_stringify();
	var cstVisit = require_cst_visit();
	/** The byte order mark */
	const BOM = "﻿";
	/** Start of doc-mode */
	const DOCUMENT = "";
	/** Unexpected end of flow-mode */
	const FLOW_END = "";
	/** Next token is a scalar value */
	const SCALAR = "";
	/** @returns `true` if `token` is a flow or block collection */
	const isCollection = (token) => !!token && "items" in token;
	/** @returns `true` if `token` is a flow or block scalar; not an alias */
	const isScalar = (token) => !!token && (token.type === "scalar" || token.type === "single-quoted-scalar" || token.type === "double-quoted-scalar" || token.type === "block-scalar");
	/* istanbul ignore next */
	/** Get a printable representation of a lexer token */
	function prettyToken(token) {
		switch (token) {
			case BOM: return "<BOM>";
			case DOCUMENT: return "<DOC>";
			case FLOW_END: return "<FLOW_END>";
			case SCALAR: return "<SCALAR>";
			default: return JSON.stringify(token);
		}
	}
	/** Identify the type of a lexer token. May return `null` for unknown tokens. */
	function tokenType(source) {
		switch (source) {
			case BOM: return "byte-order-mark";
			case DOCUMENT: return "doc-mode";
			case FLOW_END: return "flow-error-end";
			case SCALAR: return "scalar";
			case "---": return "doc-start";
			case "...": return "doc-end";
			case "":
			case "\n":
			case "\r\n": return "newline";
			case "-": return "seq-item-ind";
			case "?": return "explicit-key-ind";
			case ":": return "map-value-ind";
			case "{": return "flow-map-start";
			case "}": return "flow-map-end";
			case "[": return "flow-seq-start";
			case "]": return "flow-seq-end";
			case ",": return "comma";
		}
		switch (source[0]) {
			case " ":
			case "	": return "space";
			case "#": return "comment";
			case "%": return "directive-line";
			case "*": return "alias";
			case "&": return "anchor";
			case "!": return "tag";
			case "'": return "single-quoted-scalar";
			case "\"": return "double-quoted-scalar";
			case "|":
			case ">": return "block-scalar-header";
		}
		return null;
	}
	exports.createScalarToken = cstScalar.createScalarToken;
	exports.resolveAsScalar = cstScalar.resolveAsScalar;
	exports.setScalarValue = cstScalar.setScalarValue;
	exports.stringify = cstStringify.stringify;
	exports.visit = cstVisit.visit;
	exports.BOM = BOM;
	exports.DOCUMENT = DOCUMENT;
	exports.FLOW_END = FLOW_END;
	exports.SCALAR = SCALAR;
	exports.isCollection = isCollection;
	exports.isScalar = isScalar;
	exports.prettyToken = prettyToken;
	exports.tokenType = tokenType;
}));
// node_modules/yaml/dist/parse/lexer.js
var require_lexer = /* @__PURE__ */ __commonJSMin(((exports) => {
	var cst = require_cst();
	function isEmpty(ch) {
		switch (ch) {
			case void 0:
			case " ":
			case "\n":
			case "\r":
			case "	": return true;
			default: return false;
		}
	}
	const hexDigits = /* @__PURE__ */ new Set("0123456789ABCDEFabcdef");
	const tagChars = /* @__PURE__ */ new Set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-#;/?:@&=+$_.!~*'()");
	const flowIndicatorChars = /* @__PURE__ */ new Set(",[]{}");
	const invalidAnchorChars = /* @__PURE__ */ new Set(" ,[]{}\n\r	");
	const isNotAnchorChar = (ch) => !ch || invalidAnchorChars.has(ch);
	/**
	* Splits an input string into lexical tokens, i.e. smaller strings that are
	* easily identifiable by `tokens.tokenType()`.
	*
	* Lexing starts always in a "stream" context. Incomplete input may be buffered
	* until a complete token can be emitted.
	*
	* In addition to slices of the original input, the following control characters
	* may also be emitted:
	*
	* - `\x02` (Start of Text): A document starts with the next token
	* - `\x18` (Cancel): Unexpected end of flow-mode (indicates an error)
	* - `\x1f` (Unit Separator): Next token is a scalar value
	* - `\u{FEFF}` (Byte order mark): Emitted separately outside documents
	*/
	var Lexer = class {
		constructor() {
			/**
			* Flag indicating whether the end of the current buffer marks the end of
			* all input
			*/
			this.atEnd = false;
			/**
			* Explicit indent set in block scalar header, as an offset from the current
			* minimum indent, so e.g. set to 1 from a header `|2+`. Set to -1 if not
			* explicitly set.
			*/
			this.blockScalarIndent = -1;
			/**
			* Block scalars that include a + (keep) chomping indicator in their header
			* include trailing empty lines, which are otherwise excluded from the
			* scalar's contents.
			*/
			this.blockScalarKeep = false;
			/** Current input */
			this.buffer = "";
			/**
			* Flag noting whether the map value indicator : can immediately follow this
			* node within a flow context.
			*/
			this.flowKey = false;
			/** Count of surrounding flow collection levels. */
			this.flowLevel = 0;
			/**
			* Minimum level of indentation required for next lines to be parsed as a
			* part of the current scalar value.
			*/
			this.indentNext = 0;
			/** Indentation level of the current line. */
			this.indentValue = 0;
			/** Position of the next \n character. */
			this.lineEndPos = null;
			/** Stores the state of the lexer if reaching the end of incpomplete input */
			this.next = null;
			/** A pointer to `buffer`; the current position of the lexer. */
			this.pos = 0;
		}
		/**
		* Generate YAML tokens from the `source` string. If `incomplete`,
		* a part of the last line may be left as a buffer for the next call.
		*
		* @returns A generator of lexical tokens
		*/
		*lex(source, incomplete = false) {
			if (source) {
				if (typeof source !== "string") throw TypeError("source is not a string");
				this.buffer = this.buffer ? this.buffer + source : source;
				this.lineEndPos = null;
			}
			this.atEnd = !incomplete;
			let next = this.next ?? "stream";
			while (next && (incomplete || this.hasChars(1))) next = yield* this.parseNext(next);
		}
		atLineEnd() {
			let i = this.pos;
			let ch = this.buffer[i];
			while (ch === " " || ch === "	") ch = this.buffer[++i];
			if (!ch || ch === "#" || ch === "\n") return true;
			if (ch === "\r") return this.buffer[i + 1] === "\n";
			return false;
		}
		charAt(n) {
			return this.buffer[this.pos + n];
		}
		continueScalar(offset) {
			let ch = this.buffer[offset];
			if (this.indentNext > 0) {
				let indent = 0;
				while (ch === " ") ch = this.buffer[++indent + offset];
				if (ch === "\r") {
					const next = this.buffer[indent + offset + 1];
					if (next === "\n" || !next && !this.atEnd) return offset + indent + 1;
				}
				return ch === "\n" || indent >= this.indentNext || !ch && !this.atEnd ? offset + indent : -1;
			}
			if (ch === "-" || ch === ".") {
				const dt = this.buffer.substr(offset, 3);
				if ((dt === "---" || dt === "...") && isEmpty(this.buffer[offset + 3])) return -1;
			}
			return offset;
		}
		getLine() {
			let end = this.lineEndPos;
			if (typeof end !== "number" || end !== -1 && end < this.pos) {
				end = this.buffer.indexOf("\n", this.pos);
				this.lineEndPos = end;
			}
			if (end === -1) return this.atEnd ? this.buffer.substring(this.pos) : null;
			if (this.buffer[end - 1] === "\r") end -= 1;
			return this.buffer.substring(this.pos, end);
		}
		hasChars(n) {
			return this.pos + n <= this.buffer.length;
		}
		setNext(state) {
			this.buffer = this.buffer.substring(this.pos);
			this.pos = 0;
			this.lineEndPos = null;
			this.next = state;
			return null;
		}
		peek(n) {
			return this.buffer.substr(this.pos, n);
		}
		*parseNext(next) {
			switch (next) {
				case "stream": return yield* this.parseStream();
				case "line-start": return yield* this.parseLineStart();
				case "block-start": return yield* this.parseBlockStart();
				case "doc": return yield* this.parseDocument();
				case "flow": return yield* this.parseFlowCollection();
				case "quoted-scalar": return yield* this.parseQuotedScalar();
				case "block-scalar": return yield* this.parseBlockScalar();
				case "plain-scalar": return yield* this.parsePlainScalar();
			}
		}
		*parseStream() {
			let line = this.getLine();
			if (line === null) return this.setNext("stream");
			if (line[0] === cst.BOM) {
				yield* this.pushCount(1);
				line = line.substring(1);
			}
			if (line[0] === "%") {
				let dirEnd = line.length;
				let cs = line.indexOf("#");
				while (cs !== -1) {
					const ch = line[cs - 1];
					if (ch === " " || ch === "	") {
						dirEnd = cs - 1;
						break;
					} else cs = line.indexOf("#", cs + 1);
				}
				while (true) {
					const ch = line[dirEnd - 1];
					if (ch === " " || ch === "	") dirEnd -= 1;
					else break;
				}
				const n = (yield* this.pushCount(dirEnd)) + (yield* this.pushSpaces(true));
				yield* this.pushCount(line.length - n);
				this.pushNewline();
				return "stream";
			}
			if (this.atLineEnd()) {
				const sp = yield* this.pushSpaces(true);
				yield* this.pushCount(line.length - sp);
				yield* this.pushNewline();
				return "stream";
			}
			yield cst.DOCUMENT;
			return yield* this.parseLineStart();
		}
		*parseLineStart() {
			const ch = this.charAt(0);
			if (!ch && !this.atEnd) return this.setNext("line-start");
			if (ch === "-" || ch === ".") {
				if (!this.atEnd && !this.hasChars(4)) return this.setNext("line-start");
				const s = this.peek(3);
				if ((s === "---" || s === "...") && isEmpty(this.charAt(3))) {
					yield* this.pushCount(3);
					this.indentValue = 0;
					this.indentNext = 0;
					return s === "---" ? "doc" : "stream";
				}
			}
			this.indentValue = yield* this.pushSpaces(false);
			if (this.indentNext > this.indentValue && !isEmpty(this.charAt(1))) this.indentNext = this.indentValue;
			return yield* this.parseBlockStart();
		}
		*parseBlockStart() {
			const [ch0, ch1] = this.peek(2);
			if (!ch1 && !this.atEnd) return this.setNext("block-start");
			if ((ch0 === "-" || ch0 === "?" || ch0 === ":") && isEmpty(ch1)) {
				const n = (yield* this.pushCount(1)) + (yield* this.pushSpaces(true));
				this.indentNext = this.indentValue + 1;
				this.indentValue += n;
				return "block-start";
			}
			return "doc";
		}
		*parseDocument() {
			yield* this.pushSpaces(true);
			const line = this.getLine();
			if (line === null) return this.setNext("doc");
			let n = yield* this.pushIndicators();
			switch (line[n]) {
				case "#": yield* this.pushCount(line.length - n);
				case void 0:
					yield* this.pushNewline();
					return yield* this.parseLineStart();
				case "{":
				case "[":
					yield* this.pushCount(1);
					this.flowKey = false;
					this.flowLevel = 1;
					return "flow";
				case "}":
				case "]":
					yield* this.pushCount(1);
					return "doc";
				case "*":
					yield* this.pushUntil(isNotAnchorChar);
					return "doc";
				case "\"":
				case "'": return yield* this.parseQuotedScalar();
				case "|":
				case ">":
					n += yield* this.parseBlockScalarHeader();
					n += yield* this.pushSpaces(true);
					yield* this.pushCount(line.length - n);
					yield* this.pushNewline();
					return yield* this.parseBlockScalar();
				default: return yield* this.parsePlainScalar();
			}
		}
		*parseFlowCollection() {
			let nl, sp;
			let indent = -1;
			do {
				nl = yield* this.pushNewline();
				if (nl > 0) {
					sp = yield* this.pushSpaces(false);
					this.indentValue = indent = sp;
				} else sp = 0;
				sp += yield* this.pushSpaces(true);
			} while (nl + sp > 0);
			const line = this.getLine();
			if (line === null) return this.setNext("flow");
			if (indent !== -1 && indent < this.indentNext && line[0] !== "#" || indent === 0 && (line.startsWith("---") || line.startsWith("...")) && isEmpty(line[3])) {
				if (!(indent === this.indentNext - 1 && this.flowLevel === 1 && (line[0] === "]" || line[0] === "}"))) {
					this.flowLevel = 0;
					yield cst.FLOW_END;
					return yield* this.parseLineStart();
				}
			}
			let n = 0;
			while (line[n] === ",") {
				n += yield* this.pushCount(1);
				n += yield* this.pushSpaces(true);
				this.flowKey = false;
			}
			n += yield* this.pushIndicators();
			switch (line[n]) {
				case void 0: return "flow";
				case "#":
					yield* this.pushCount(line.length - n);
					return "flow";
				case "{":
				case "[":
					yield* this.pushCount(1);
					this.flowKey = false;
					this.flowLevel += 1;
					return "flow";
				case "}":
				case "]":
					yield* this.pushCount(1);
					this.flowKey = true;
					this.flowLevel -= 1;
					return this.flowLevel ? "flow" : "doc";
				case "*":
					yield* this.pushUntil(isNotAnchorChar);
					return "flow";
				case "\"":
				case "'":
					this.flowKey = true;
					return yield* this.parseQuotedScalar();
				case ":": {
					const next = this.charAt(1);
					if (this.flowKey || isEmpty(next) || next === ",") {
						this.flowKey = false;
						yield* this.pushCount(1);
						yield* this.pushSpaces(true);
						return "flow";
					}
				}
				default:
					this.flowKey = false;
					return yield* this.parsePlainScalar();
			}
		}
		*parseQuotedScalar() {
			const quote = this.charAt(0);
			let end = this.buffer.indexOf(quote, this.pos + 1);
			if (quote === "'") while (end !== -1 && this.buffer[end + 1] === "'") end = this.buffer.indexOf("'", end + 2);
			else while (end !== -1) {
				let n = 0;
				while (this.buffer[end - 1 - n] === "\\") n += 1;
				if (n % 2 === 0) break;
				end = this.buffer.indexOf("\"", end + 1);
			}
			const qb = this.buffer.substring(0, end);
			let nl = qb.indexOf("\n", this.pos);
			if (nl !== -1) {
				while (nl !== -1) {
					const cs = this.continueScalar(nl + 1);
					if (cs === -1) break;
					nl = qb.indexOf("\n", cs);
				}
				if (nl !== -1) end = nl - (qb[nl - 1] === "\r" ? 2 : 1);
			}
			if (end === -1) {
				if (!this.atEnd) return this.setNext("quoted-scalar");
				end = this.buffer.length;
			}
			yield* this.pushToIndex(end + 1, false);
			return this.flowLevel ? "flow" : "doc";
		}
		*parseBlockScalarHeader() {
			this.blockScalarIndent = -1;
			this.blockScalarKeep = false;
			let i = this.pos;
			while (true) {
				const ch = this.buffer[++i];
				if (ch === "+") this.blockScalarKeep = true;
				else if (ch > "0" && ch <= "9") this.blockScalarIndent = Number(ch) - 1;
				else if (ch !== "-") break;
			}
			return yield* this.pushUntil((ch) => isEmpty(ch) || ch === "#");
		}
		*parseBlockScalar() {
			let nl = this.pos - 1;
			let indent = 0;
			let ch;
			loop: for (let i = this.pos; ch = this.buffer[i]; ++i) switch (ch) {
				case " ":
					indent += 1;
					break;
				case "\n":
					nl = i;
					indent = 0;
					break;
				case "\r": {
					const next = this.buffer[i + 1];
					if (!next && !this.atEnd) return this.setNext("block-scalar");
					if (next === "\n") break;
				}
				default: break loop;
			}
			if (!ch && !this.atEnd) return this.setNext("block-scalar");
			if (indent >= this.indentNext) {
				if (this.blockScalarIndent === -1) this.indentNext = indent;
				else this.indentNext = this.blockScalarIndent + (this.indentNext === 0 ? 1 : this.indentNext);
				do {
					const cs = this.continueScalar(nl + 1);
					if (cs === -1) break;
					nl = this.buffer.indexOf("\n", cs);
				} while (nl !== -1);
				if (nl === -1) {
					if (!this.atEnd) return this.setNext("block-scalar");
					nl = this.buffer.length;
				}
			}
			let i = nl + 1;
			ch = this.buffer[i];
			while (ch === " ") ch = this.buffer[++i];
			if (ch === "	") {
				while (ch === "	" || ch === " " || ch === "\r" || ch === "\n") ch = this.buffer[++i];
				nl = i - 1;
			} else if (!this.blockScalarKeep) do {
				let i = nl - 1;
				let ch = this.buffer[i];
				if (ch === "\r") ch = this.buffer[--i];
				const lastChar = i;
				while (ch === " ") ch = this.buffer[--i];
				if (ch === "\n" && i >= this.pos && i + 1 + indent > lastChar) nl = i;
				else break;
			} while (true);
			yield cst.SCALAR;
			yield* this.pushToIndex(nl + 1, true);
			return yield* this.parseLineStart();
		}
		*parsePlainScalar() {
			const inFlow = this.flowLevel > 0;
			let end = this.pos - 1;
			let i = this.pos - 1;
			let ch;
			while (ch = this.buffer[++i]) if (ch === ":") {
				const next = this.buffer[i + 1];
				if (isEmpty(next) || inFlow && flowIndicatorChars.has(next)) break;
				end = i;
			} else if (isEmpty(ch)) {
				let next = this.buffer[i + 1];
				if (ch === "\r") {
					if (next === "\n") {
						i += 1;
						ch = "\n";
						next = this.buffer[i + 1];
					} else end = i;
				}
				if (next === "#" || inFlow && flowIndicatorChars.has(next)) break;
				if (ch === "\n") {
					const cs = this.continueScalar(i + 1);
					if (cs === -1) break;
					i = Math.max(i, cs - 2);
				}
			} else {
				if (inFlow && flowIndicatorChars.has(ch)) break;
				end = i;
			}
			if (!ch && !this.atEnd) return this.setNext("plain-scalar");
			yield cst.SCALAR;
			yield* this.pushToIndex(end + 1, true);
			return inFlow ? "flow" : "doc";
		}
		*pushCount(n) {
			if (n > 0) {
				yield this.buffer.substr(this.pos, n);
				this.pos += n;
				return n;
			}
			return 0;
		}
		*pushToIndex(i, allowEmpty) {
			const s = this.buffer.slice(this.pos, i);
			if (s) {
				yield s;
				this.pos += s.length;
				return s.length;
			} else if (allowEmpty) yield "";
			return 0;
		}
		*pushIndicators() {
			let n = 0;
			loop: while (true) {
				switch (this.charAt(0)) {
					case "!":
						n += yield* this.pushTag();
						n += yield* this.pushSpaces(true);
						continue loop;
					case "&":
						n += yield* this.pushUntil(isNotAnchorChar);
						n += yield* this.pushSpaces(true);
						continue loop;
					case "-":
					case "?":
					case ":": {
						const inFlow = this.flowLevel > 0;
						const ch1 = this.charAt(1);
						if (isEmpty(ch1) || inFlow && flowIndicatorChars.has(ch1)) {
							if (!inFlow) this.indentNext = this.indentValue + 1;
							else if (this.flowKey) this.flowKey = false;
							n += yield* this.pushCount(1);
							n += yield* this.pushSpaces(true);
							continue loop;
						}
					}
				}
				break loop;
			}
			return n;
		}
		*pushTag() {
			if (this.charAt(1) === "<") {
				let i = this.pos + 2;
				let ch = this.buffer[i];
				while (!isEmpty(ch) && ch !== ">") ch = this.buffer[++i];
				return yield* this.pushToIndex(ch === ">" ? i + 1 : i, false);
			} else {
				let i = this.pos + 1;
				let ch = this.buffer[i];
				while (ch) if (tagChars.has(ch)) ch = this.buffer[++i];
				else if (ch === "%" && hexDigits.has(this.buffer[i + 1]) && hexDigits.has(this.buffer[i + 2])) ch = this.buffer[i += 3];
				else break;
				return yield* this.pushToIndex(i, false);
			}
		}
		*pushNewline() {
			const ch = this.buffer[this.pos];
			if (ch === "\n") return yield* this.pushCount(1);
			else if (ch === "\r" && this.charAt(1) === "\n") return yield* this.pushCount(2);
			else return 0;
		}
		*pushSpaces(allowTabs) {
			let i = this.pos - 1;
			let ch;
			do
				ch = this.buffer[++i];
			while (ch === " " || allowTabs && ch === "	");
			const n = i - this.pos;
			if (n > 0) {
				yield this.buffer.substr(this.pos, n);
				this.pos = i;
			}
			return n;
		}
		*pushUntil(test) {
			let i = this.pos;
			let ch = this.buffer[i];
			while (!test(ch)) ch = this.buffer[++i];
			return yield* this.pushToIndex(i, false);
		}
	};
	exports.Lexer = Lexer;
}));
// node_modules/yaml/dist/parse/line-counter.js
var require_line_counter = /* @__PURE__ */ __commonJSMin(((exports) => {
	/**
	* Tracks newlines during parsing in order to provide an efficient API for
	* determining the one-indexed `{ line, col }` position for any offset
	* within the input.
	*/
	var LineCounter = class {
		constructor() {
			this.lineStarts = [];
			/**
			* Should be called in ascending order. Otherwise, call
			* `lineCounter.lineStarts.sort()` before calling `linePos()`.
			*/
			this.addNewLine = (offset) => this.lineStarts.push(offset);
			/**
			* Performs a binary search and returns the 1-indexed { line, col }
			* position of `offset`. If `line === 0`, `addNewLine` has never been
			* called or `offset` is before the first known newline.
			*/
			this.linePos = (offset) => {
				let low = 0;
				let high = this.lineStarts.length;
				while (low < high) {
					const mid = low + high >> 1;
					if (this.lineStarts[mid] < offset) low = mid + 1;
					else high = mid;
				}
				if (this.lineStarts[low] === offset) return {
					line: low + 1,
					col: 1
				};
				if (low === 0) return {
					line: 0,
					col: offset
				};
				const start = this.lineStarts[low - 1];
				return {
					line: low,
					col: offset - start + 1
				};
			};
		}
	};
	exports.LineCounter = LineCounter;
}));
// node_modules/yaml/dist/parse/parser.js
var require_parser = /* @__PURE__ */ __commonJSMin(((exports) => {
	var node_process = __require("process");
	var cst = require_cst();
	var lexer = require_lexer();
	function includesToken(list, type) {
		for (let i = 0; i < list.length; ++i) if (list[i].type === type) return true;
		return false;
	}
	function findNonEmptyIndex(list) {
		for (let i = 0; i < list.length; ++i) switch (list[i].type) {
			case "space":
			case "comment":
			case "newline": break;
			default: return i;
		}
		return -1;
	}
	function isFlowToken(token) {
		switch (token?.type) {
			case "alias":
			case "scalar":
			case "single-quoted-scalar":
			case "double-quoted-scalar":
			case "flow-collection": return true;
			default: return false;
		}
	}
	function getPrevProps(parent) {
		switch (parent.type) {
			case "document": return parent.start;
			case "block-map": {
				const it = parent.items[parent.items.length - 1];
				return it.sep ?? it.start;
			}
			case "block-seq": return parent.items[parent.items.length - 1].start;
			/* istanbul ignore next should not happen */
			default: return [];
		}
	}
	/** Note: May modify input array */
	function getFirstKeyStartProps(prev) {
		if (prev.length === 0) return [];
		let i = prev.length;
		loop: while (--i >= 0) switch (prev[i].type) {
			case "doc-start":
			case "explicit-key-ind":
			case "map-value-ind":
			case "seq-item-ind":
			case "newline": break loop;
		}
		while (prev[++i]?.type === "space");
		return prev.splice(i, prev.length);
	}
	function arrayPushArray(target, source) {
		if (source.length < 1e5) Array.prototype.push.apply(target, source);
		else for (let i = 0; i < source.length; ++i) target.push(source[i]);
	}
	function fixFlowSeqItems(fc) {
		if (fc.start.type === "flow-seq-start") {
			for (const it of fc.items) if (it.sep && !it.value && !includesToken(it.start, "explicit-key-ind") && !includesToken(it.sep, "map-value-ind")) {
				if (it.key) it.value = it.key;
				delete it.key;
				if (isFlowToken(it.value)) {
					if (it.value.end) arrayPushArray(it.value.end, it.sep);
					else it.value.end = it.sep;
				} else arrayPushArray(it.start, it.sep);
				delete it.sep;
			}
		}
	}
	/**
	* A YAML concrete syntax tree (CST) parser
	*
	* ```ts
	* const src: string = ...
	* for (const token of new Parser().parse(src)) {
	*   // token: Token
	* }
	* ```
	*
	* To use the parser with a user-provided lexer:
	*
	* ```ts
	* function* parse(source: string, lexer: Lexer) {
	*   const parser = new Parser()
	*   for (const lexeme of lexer.lex(source))
	*     yield* parser.next(lexeme)
	*   yield* parser.end()
	* }
	*
	* const src: string = ...
	* const lexer = new Lexer()
	* for (const token of parse(src, lexer)) {
	*   // token: Token
	* }
	* ```
	*/
	var Parser = class {
		/**
		* @param onNewLine - If defined, called separately with the start position of
		*   each new line (in `parse()`, including the start of input).
		*/
		constructor(onNewLine) {
			/** If true, space and sequence indicators count as indentation */
			this.atNewLine = true;
			/** If true, next token is a scalar value */
			this.atScalar = false;
			/** Current indentation level */
			this.indent = 0;
			/** Current offset since the start of parsing */
			this.offset = 0;
			/** On the same line with a block map key */
			this.onKeyLine = false;
			/** Top indicates the node that's currently being built */
			this.stack = [];
			/** The source of the current token, set in parse() */
			this.source = "";
			/** The type of the current token, set in parse() */
			this.type = "";
			this.lexer = new lexer.Lexer();
			this.onNewLine = onNewLine;
		}
		/**
		* Parse `source` as a YAML stream.
		* If `incomplete`, a part of the last line may be left as a buffer for the next call.
		*
		* Errors are not thrown, but yielded as `{ type: 'error', message }` tokens.
		*
		* @returns A generator of tokens representing each directive, document, and other structure.
		*/
		*parse(source, incomplete = false) {
			if (this.onNewLine && this.offset === 0) this.onNewLine(0);
			for (const lexeme of this.lexer.lex(source, incomplete)) yield* this.next(lexeme);
			if (!incomplete) yield* this.end();
		}
		/**
		* Advance the parser by the `source` of one lexical token.
		*/
		*next(source) {
			this.source = source;
			if (node_process.env.LOG_TOKENS) console.log("|", cst.prettyToken(source));
			if (this.atScalar) {
				this.atScalar = false;
				yield* this.step();
				this.offset += source.length;
				return;
			}
			const type = cst.tokenType(source);
			if (!type) {
				const message = `Not a YAML token: ${source}`;
				yield* this.pop({
					type: "error",
					offset: this.offset,
					message,
					source
				});
				this.offset += source.length;
			} else if (type === "scalar") {
				this.atNewLine = false;
				this.atScalar = true;
				this.type = "scalar";
			} else {
				this.type = type;
				yield* this.step();
				switch (type) {
					case "newline":
						this.atNewLine = true;
						this.indent = 0;
						if (this.onNewLine) this.onNewLine(this.offset + source.length);
						break;
					case "space":
						if (this.atNewLine && source[0] === " ") this.indent += source.length;
						break;
					case "explicit-key-ind":
					case "map-value-ind":
					case "seq-item-ind":
						if (this.atNewLine) this.indent += source.length;
						break;
					case "doc-mode":
					case "flow-error-end": return;
					default: this.atNewLine = false;
				}
				this.offset += source.length;
			}
		}
		/** Call at end of input to push out any remaining constructions */
		*end() {
			while (this.stack.length > 0) yield* this.pop();
		}
		get sourceToken() {
			return {
				type: this.type,
				offset: this.offset,
				indent: this.indent,
				source: this.source
			};
		}
		*step() {
			const top = this.peek(1);
			if (this.type === "doc-end" && top?.type !== "doc-end") {
				while (this.stack.length > 0) yield* this.pop();
				this.stack.push({
					type: "doc-end",
					offset: this.offset,
					source: this.source
				});
				return;
			}
			if (!top) return yield* this.stream();
			switch (top.type) {
				case "document": return yield* this.document(top);
				case "alias":
				case "scalar":
				case "single-quoted-scalar":
				case "double-quoted-scalar": return yield* this.scalar(top);
				case "block-scalar": return yield* this.blockScalar(top);
				case "block-map": return yield* this.blockMap(top);
				case "block-seq": return yield* this.blockSequence(top);
				case "flow-collection": return yield* this.flowCollection(top);
				case "doc-end": return yield* this.documentEnd(top);
			}
			/* istanbul ignore next should not happen */
			yield* this.pop();
		}
		peek(n) {
			return this.stack[this.stack.length - n];
		}
		*pop(error) {
			const token = error ?? this.stack.pop();
			/* istanbul ignore if should not happen */
			if (!token) yield {
				type: "error",
				offset: this.offset,
				source: "",
				message: "Tried to pop an empty stack"
			};
			else if (this.stack.length === 0) yield token;
			else {
				const top = this.peek(1);
				if (token.type === "block-scalar") token.indent = "indent" in top ? top.indent : 0;
				else if (token.type === "flow-collection" && top.type === "document") token.indent = 0;
				if (token.type === "flow-collection") fixFlowSeqItems(token);
				switch (top.type) {
					case "document":
						top.value = token;
						break;
					case "block-scalar":
						top.props.push(token);
						break;
					case "block-map": {
						const it = top.items[top.items.length - 1];
						if (it.value) {
							top.items.push({
								start: [],
								key: token,
								sep: []
							});
							this.onKeyLine = true;
							return;
						} else if (it.sep) it.value = token;
						else {
							Object.assign(it, {
								key: token,
								sep: []
							});
							this.onKeyLine = !it.explicitKey;
							return;
						}
						break;
					}
					case "block-seq": {
						const it = top.items[top.items.length - 1];
						if (it.value) top.items.push({
							start: [],
							value: token
						});
						else it.value = token;
						break;
					}
					case "flow-collection": {
						const it = top.items[top.items.length - 1];
						if (!it || it.value) top.items.push({
							start: [],
							key: token,
							sep: []
						});
						else if (it.sep) it.value = token;
						else Object.assign(it, {
							key: token,
							sep: []
						});
						return;
					}
					/* istanbul ignore next should not happen */
					default:
						yield* this.pop();
						yield* this.pop(token);
				}
				if ((top.type === "document" || top.type === "block-map" || top.type === "block-seq") && (token.type === "block-map" || token.type === "block-seq")) {
					const last = token.items[token.items.length - 1];
					if (last && !last.sep && !last.value && last.start.length > 0 && findNonEmptyIndex(last.start) === -1 && (token.indent === 0 || last.start.every((st) => st.type !== "comment" || st.indent < token.indent))) {
						if (top.type === "document") top.end = last.start;
						else top.items.push({ start: last.start });
						token.items.splice(-1, 1);
					}
				}
			}
		}
		*stream() {
			switch (this.type) {
				case "directive-line":
					yield {
						type: "directive",
						offset: this.offset,
						source: this.source
					};
					return;
				case "byte-order-mark":
				case "space":
				case "comment":
				case "newline":
					yield this.sourceToken;
					return;
				case "doc-mode":
				case "doc-start": {
					const doc = {
						type: "document",
						offset: this.offset,
						start: []
					};
					if (this.type === "doc-start") doc.start.push(this.sourceToken);
					this.stack.push(doc);
					return;
				}
			}
			yield {
				type: "error",
				offset: this.offset,
				message: `Unexpected ${this.type} token in YAML stream`,
				source: this.source
			};
		}
		*document(doc) {
			if (doc.value) return yield* this.lineEnd(doc);
			switch (this.type) {
				case "doc-start":
					if (findNonEmptyIndex(doc.start) !== -1) {
						yield* this.pop();
						yield* this.step();
					} else doc.start.push(this.sourceToken);
					return;
				case "anchor":
				case "tag":
				case "space":
				case "comment":
				case "newline":
					doc.start.push(this.sourceToken);
					return;
			}
			const bv = this.startBlockValue(doc);
			if (bv) this.stack.push(bv);
			else yield {
				type: "error",
				offset: this.offset,
				message: `Unexpected ${this.type} token in YAML document`,
				source: this.source
			};
		}
		*scalar(scalar) {
			if (this.type === "map-value-ind") {
				const start = getFirstKeyStartProps(getPrevProps(this.peek(2)));
				let sep;
				if (scalar.end) {
					sep = scalar.end;
					sep.push(this.sourceToken);
					delete scalar.end;
				} else sep = [this.sourceToken];
				const map = {
					type: "block-map",
					offset: scalar.offset,
					indent: scalar.indent,
					items: [{
						start,
						key: scalar,
						sep
					}]
				};
				this.onKeyLine = true;
				this.stack[this.stack.length - 1] = map;
			} else yield* this.lineEnd(scalar);
		}
		*blockScalar(scalar) {
			switch (this.type) {
				case "space":
				case "comment":
				case "newline":
					scalar.props.push(this.sourceToken);
					return;
				case "scalar":
					scalar.source = this.source;
					this.atNewLine = true;
					this.indent = 0;
					if (this.onNewLine) {
						let nl = this.source.indexOf("\n") + 1;
						while (nl !== 0) {
							this.onNewLine(this.offset + nl);
							nl = this.source.indexOf("\n", nl) + 1;
						}
					}
					yield* this.pop();
					break;
				/* istanbul ignore next should not happen */
				default:
					yield* this.pop();
					yield* this.step();
			}
		}
		*blockMap(map) {
			const it = map.items[map.items.length - 1];
			switch (this.type) {
				case "newline":
					this.onKeyLine = false;
					if (it.value) {
						const end = "end" in it.value ? it.value.end : void 0;
						if ((Array.isArray(end) ? end[end.length - 1] : void 0)?.type === "comment") end?.push(this.sourceToken);
						else map.items.push({ start: [this.sourceToken] });
					} else if (it.sep) it.sep.push(this.sourceToken);
					else it.start.push(this.sourceToken);
					return;
				case "space":
				case "comment":
					if (it.value) map.items.push({ start: [this.sourceToken] });
					else if (it.sep) it.sep.push(this.sourceToken);
					else {
						if (this.atIndentedComment(it.start, map.indent)) {
							const end = map.items[map.items.length - 2]?.value?.end;
							if (Array.isArray(end)) {
								arrayPushArray(end, it.start);
								end.push(this.sourceToken);
								map.items.pop();
								return;
							}
						}
						it.start.push(this.sourceToken);
					}
					return;
			}
			if (this.indent >= map.indent) {
				const atMapIndent = !this.onKeyLine && this.indent === map.indent;
				const atNextItem = atMapIndent && (it.sep || it.explicitKey) && this.type !== "seq-item-ind";
				let start = [];
				if (atNextItem && it.sep && !it.value) {
					const nl = [];
					for (let i = 0; i < it.sep.length; ++i) {
						const st = it.sep[i];
						switch (st.type) {
							case "newline":
								nl.push(i);
								break;
							case "space": break;
							case "comment":
								if (st.indent > map.indent) nl.length = 0;
								break;
							default: nl.length = 0;
						}
					}
					if (nl.length >= 2) start = it.sep.splice(nl[1]);
				}
				switch (this.type) {
					case "anchor":
					case "tag":
						if (atNextItem || it.value) {
							start.push(this.sourceToken);
							map.items.push({ start });
							this.onKeyLine = true;
						} else if (it.sep) it.sep.push(this.sourceToken);
						else it.start.push(this.sourceToken);
						return;
					case "explicit-key-ind":
						if (!it.sep && !it.explicitKey) {
							it.start.push(this.sourceToken);
							it.explicitKey = true;
						} else if (atNextItem || it.value) {
							start.push(this.sourceToken);
							map.items.push({
								start,
								explicitKey: true
							});
						} else this.stack.push({
							type: "block-map",
							offset: this.offset,
							indent: this.indent,
							items: [{
								start: [this.sourceToken],
								explicitKey: true
							}]
						});
						this.onKeyLine = true;
						return;
					case "map-value-ind":
						if (it.explicitKey) {
							if (!it.sep) {
								if (includesToken(it.start, "newline")) Object.assign(it, {
									key: null,
									sep: [this.sourceToken]
								});
								else {
									const start = getFirstKeyStartProps(it.start);
									this.stack.push({
										type: "block-map",
										offset: this.offset,
										indent: this.indent,
										items: [{
											start,
											key: null,
											sep: [this.sourceToken]
										}]
									});
								}
							} else if (it.value) map.items.push({
								start: [],
								key: null,
								sep: [this.sourceToken]
							});
							else if (includesToken(it.sep, "map-value-ind")) this.stack.push({
								type: "block-map",
								offset: this.offset,
								indent: this.indent,
								items: [{
									start,
									key: null,
									sep: [this.sourceToken]
								}]
							});
							else if (isFlowToken(it.key) && !includesToken(it.sep, "newline")) {
								const start = getFirstKeyStartProps(it.start);
								const key = it.key;
								const sep = it.sep;
								sep.push(this.sourceToken);
								delete it.key;
								delete it.sep;
								this.stack.push({
									type: "block-map",
									offset: this.offset,
									indent: this.indent,
									items: [{
										start,
										key,
										sep
									}]
								});
							} else if (start.length > 0) it.sep = it.sep.concat(start, this.sourceToken);
							else it.sep.push(this.sourceToken);
						} else if (!it.sep) Object.assign(it, {
							key: null,
							sep: [this.sourceToken]
						});
						else if (it.value || atNextItem) map.items.push({
							start,
							key: null,
							sep: [this.sourceToken]
						});
						else if (includesToken(it.sep, "map-value-ind")) this.stack.push({
							type: "block-map",
							offset: this.offset,
							indent: this.indent,
							items: [{
								start: [],
								key: null,
								sep: [this.sourceToken]
							}]
						});
						else it.sep.push(this.sourceToken);
						this.onKeyLine = true;
						return;
					case "alias":
					case "scalar":
					case "single-quoted-scalar":
					case "double-quoted-scalar": {
						const fs = this.flowScalar(this.type);
						if (atNextItem || it.value) {
							map.items.push({
								start,
								key: fs,
								sep: []
							});
							this.onKeyLine = true;
						} else if (it.sep) this.stack.push(fs);
						else {
							Object.assign(it, {
								key: fs,
								sep: []
							});
							this.onKeyLine = true;
						}
						return;
					}
					default: {
						const bv = this.startBlockValue(map);
						if (bv) {
							if (bv.type === "block-seq") {
								if (!it.explicitKey && it.sep && !includesToken(it.sep, "newline")) {
									yield* this.pop({
										type: "error",
										offset: this.offset,
										message: "Unexpected block-seq-ind on same line with key",
										source: this.source
									});
									return;
								}
							} else if (atMapIndent) map.items.push({ start });
							this.stack.push(bv);
							return;
						}
					}
				}
			}
			yield* this.pop();
			yield* this.step();
		}
		*blockSequence(seq) {
			const it = seq.items[seq.items.length - 1];
			switch (this.type) {
				case "newline":
					if (it.value) {
						const end = "end" in it.value ? it.value.end : void 0;
						if ((Array.isArray(end) ? end[end.length - 1] : void 0)?.type === "comment") end?.push(this.sourceToken);
						else seq.items.push({ start: [this.sourceToken] });
					} else it.start.push(this.sourceToken);
					return;
				case "space":
				case "comment":
					if (it.value) seq.items.push({ start: [this.sourceToken] });
					else {
						if (this.atIndentedComment(it.start, seq.indent)) {
							const end = seq.items[seq.items.length - 2]?.value?.end;
							if (Array.isArray(end)) {
								arrayPushArray(end, it.start);
								end.push(this.sourceToken);
								seq.items.pop();
								return;
							}
						}
						it.start.push(this.sourceToken);
					}
					return;
				case "anchor":
				case "tag":
					if (it.value || this.indent <= seq.indent) break;
					it.start.push(this.sourceToken);
					return;
				case "seq-item-ind":
					if (this.indent !== seq.indent) break;
					if (it.value || includesToken(it.start, "seq-item-ind")) seq.items.push({ start: [this.sourceToken] });
					else it.start.push(this.sourceToken);
					return;
			}
			if (this.indent > seq.indent) {
				const bv = this.startBlockValue(seq);
				if (bv) {
					this.stack.push(bv);
					return;
				}
			}
			yield* this.pop();
			yield* this.step();
		}
		*flowCollection(fc) {
			const it = fc.items[fc.items.length - 1];
			if (this.type === "flow-error-end") {
				let top;
				do {
					yield* this.pop();
					top = this.peek(1);
				} while (top?.type === "flow-collection");
			} else if (fc.end.length === 0) {
				switch (this.type) {
					case "comma":
					case "explicit-key-ind":
						if (!it || it.sep) fc.items.push({ start: [this.sourceToken] });
						else it.start.push(this.sourceToken);
						return;
					case "map-value-ind":
						if (!it || it.value) fc.items.push({
							start: [],
							key: null,
							sep: [this.sourceToken]
						});
						else if (it.sep) it.sep.push(this.sourceToken);
						else Object.assign(it, {
							key: null,
							sep: [this.sourceToken]
						});
						return;
					case "space":
					case "comment":
					case "newline":
					case "anchor":
					case "tag":
						if (!it || it.value) fc.items.push({ start: [this.sourceToken] });
						else if (it.sep) it.sep.push(this.sourceToken);
						else it.start.push(this.sourceToken);
						return;
					case "alias":
					case "scalar":
					case "single-quoted-scalar":
					case "double-quoted-scalar": {
						const fs = this.flowScalar(this.type);
						if (!it || it.value) fc.items.push({
							start: [],
							key: fs,
							sep: []
						});
						else if (it.sep) this.stack.push(fs);
						else Object.assign(it, {
							key: fs,
							sep: []
						});
						return;
					}
					case "flow-map-end":
					case "flow-seq-end":
						fc.end.push(this.sourceToken);
						return;
				}
				const bv = this.startBlockValue(fc);
				/* istanbul ignore else should not happen */
				if (bv) this.stack.push(bv);
				else {
					yield* this.pop();
					yield* this.step();
				}
			} else {
				const parent = this.peek(2);
				if (parent.type === "block-map" && (this.type === "map-value-ind" && parent.indent === fc.indent || this.type === "newline" && !parent.items[parent.items.length - 1].sep)) {
					yield* this.pop();
					yield* this.step();
				} else if (this.type === "map-value-ind" && parent.type !== "flow-collection") {
					const start = getFirstKeyStartProps(getPrevProps(parent));
					fixFlowSeqItems(fc);
					const sep = fc.end.splice(1, fc.end.length);
					sep.push(this.sourceToken);
					const map = {
						type: "block-map",
						offset: fc.offset,
						indent: fc.indent,
						items: [{
							start,
							key: fc,
							sep
						}]
					};
					this.onKeyLine = true;
					this.stack[this.stack.length - 1] = map;
				} else yield* this.lineEnd(fc);
			}
		}
		flowScalar(type) {
			if (this.onNewLine) {
				let nl = this.source.indexOf("\n") + 1;
				while (nl !== 0) {
					this.onNewLine(this.offset + nl);
					nl = this.source.indexOf("\n", nl) + 1;
				}
			}
			return {
				type,
				offset: this.offset,
				indent: this.indent,
				source: this.source
			};
		}
		startBlockValue(parent) {
			switch (this.type) {
				case "alias":
				case "scalar":
				case "single-quoted-scalar":
				case "double-quoted-scalar": return this.flowScalar(this.type);
				case "block-scalar-header": return {
					type: "block-scalar",
					offset: this.offset,
					indent: this.indent,
					props: [this.sourceToken],
					source: ""
				};
				case "flow-map-start":
				case "flow-seq-start": return {
					type: "flow-collection",
					offset: this.offset,
					indent: this.indent,
					start: this.sourceToken,
					items: [],
					end: []
				};
				case "seq-item-ind": return {
					type: "block-seq",
					offset: this.offset,
					indent: this.indent,
					items: [{ start: [this.sourceToken] }]
				};
				case "explicit-key-ind": {
					this.onKeyLine = true;
					const start = getFirstKeyStartProps(getPrevProps(parent));
					start.push(this.sourceToken);
					return {
						type: "block-map",
						offset: this.offset,
						indent: this.indent,
						items: [{
							start,
							explicitKey: true
						}]
					};
				}
				case "map-value-ind": {
					this.onKeyLine = true;
					const start = getFirstKeyStartProps(getPrevProps(parent));
					return {
						type: "block-map",
						offset: this.offset,
						indent: this.indent,
						items: [{
							start,
							key: null,
							sep: [this.sourceToken]
						}]
					};
				}
			}
			return null;
		}
		atIndentedComment(start, indent) {
			if (this.type !== "comment") return false;
			if (this.indent <= indent) return false;
			return start.every((st) => st.type === "newline" || st.type === "space");
		}
		*documentEnd(docEnd) {
			if (this.type !== "doc-mode") {
				if (docEnd.end) docEnd.end.push(this.sourceToken);
				else docEnd.end = [this.sourceToken];
				if (this.type === "newline") yield* this.pop();
			}
		}
		*lineEnd(token) {
			switch (this.type) {
				case "comma":
				case "doc-start":
				case "doc-end":
				case "flow-seq-end":
				case "flow-map-end":
				case "map-value-ind":
					yield* this.pop();
					yield* this.step();
					break;
				case "newline": this.onKeyLine = false;
				default:
					if (token.end) token.end.push(this.sourceToken);
					else token.end = [this.sourceToken];
					if (this.type === "newline") yield* this.pop();
			}
		}
	};
	exports.Parser = Parser;
}));
// node_modules/yaml/dist/public-api.js
var require_public_api = /* @__PURE__ */ __commonJSMin(((exports) => {
	var composer = require_composer();
	var Document = require_Document();
	var errors = require_errors();
	var log = require_log();
	var identity = require_identity();
	var lineCounter = require_line_counter();
	var parser = require_parser();
	function parseOptions(options) {
		const prettyErrors = options.prettyErrors !== false;
		return {
			lineCounter: options.lineCounter || prettyErrors && new lineCounter.LineCounter() || null,
			prettyErrors
		};
	}
	/**
	* Parse the input as a stream of YAML documents.
	*
	* Documents should be separated from each other by `...` or `---` marker lines.
	*
	* @returns If an empty `docs` array is returned, it will be of type
	*   EmptyStream and contain additional stream information. In
	*   TypeScript, you should use `'empty' in docs` as a type guard for it.
	*/
	function parseAllDocuments(source, options = {}) {
		const { lineCounter, prettyErrors } = parseOptions(options);
		const parser$1 = new parser.Parser(lineCounter?.addNewLine);
		const composer$1 = new composer.Composer(options);
		const docs = Array.from(composer$1.compose(parser$1.parse(source)));
		if (prettyErrors && lineCounter) for (const doc of docs) {
			doc.errors.forEach(errors.prettifyError(source, lineCounter));
			doc.warnings.forEach(errors.prettifyError(source, lineCounter));
		}
		if (docs.length > 0) return docs;
		return Object.assign([], { empty: true }, composer$1.streamInfo());
	}
	/** Parse an input string into a single YAML.Document */
	function parseDocument(source, options = {}) {
		const { lineCounter, prettyErrors } = parseOptions(options);
		const parser$1 = new parser.Parser(lineCounter?.addNewLine);
		const composer$1 = new composer.Composer(options);
		let doc = null;
		for (const _doc of composer$1.compose(parser$1.parse(source), true, source.length)) if (!doc) doc = _doc;
		else if (doc.options.logLevel !== "silent") {
			doc.errors.push(new errors.YAMLParseError(_doc.range.slice(0, 2), "MULTIPLE_DOCS", "Source contains multiple documents; please use YAML.parseAllDocuments()"));
			break;
		}
		if (prettyErrors && lineCounter) {
			doc.errors.forEach(errors.prettifyError(source, lineCounter));
			doc.warnings.forEach(errors.prettifyError(source, lineCounter));
		}
		return doc;
	}
	function parse(src, reviver, options) {
		let _reviver = void 0;
		if (typeof reviver === "function") _reviver = reviver;
		else if (options === void 0 && reviver && typeof reviver === "object") options = reviver;
		const doc = parseDocument(src, options);
		if (!doc) return null;
		doc.warnings.forEach((warning) => log.warn(doc.options.logLevel, warning));
		if (doc.errors.length > 0) {
			if (doc.options.logLevel !== "silent") throw doc.errors[0];
			else doc.errors = [];
		}
		return doc.toJS(Object.assign({ reviver: _reviver }, options));
	}
	function stringify(value, replacer, options) {
		let _replacer = null;
		if (typeof replacer === "function" || Array.isArray(replacer)) _replacer = replacer;
		else if (options === void 0 && replacer) options = replacer;
		if (typeof options === "string") options = options.length;
		if (typeof options === "number") {
			const indent = Math.round(options);
			options = indent < 1 ? void 0 : indent > 8 ? { indent: 8 } : { indent };
		}
		if (value === void 0) {
			const { keepUndefined } = options ?? replacer ?? {};
			if (!keepUndefined) return void 0;
		}
		if (identity.isDocument(value) && !_replacer) return value.toString(options);
		return new Document.Document(value, _replacer, options).toString(options);
	}
	exports.parse = parse;
	exports.parseAllDocuments = parseAllDocuments;
	exports.parseDocument = parseDocument;
	exports.stringify = stringify;
}));
// node_modules/yaml/dist/index.js
var require_dist = /* @__PURE__ */ __commonJSMin(((exports) => {
	var composer = require_composer();
	var Document = require_Document();
	var Schema = require_Schema();
	var errors = require_errors();
	var Alias = require_Alias();
	var identity = require_identity();
	var Pair = require_Pair();
	var Scalar = require_Scalar();
	var YAMLMap = require_YAMLMap();
	var YAMLSeq = require_YAMLSeq();
	require_cst();
	var lexer = require_lexer();
	var lineCounter = require_line_counter();
	var parser = require_parser();
	var publicApi = require_public_api();
	var visit = require_visit();
	exports.Composer = composer.Composer;
	exports.Document = Document.Document;
	exports.Schema = Schema.Schema;
	exports.YAMLError = errors.YAMLError;
	exports.YAMLParseError = errors.YAMLParseError;
	exports.YAMLWarning = errors.YAMLWarning;
	exports.Alias = Alias.Alias;
	exports.isAlias = identity.isAlias;
	exports.isCollection = identity.isCollection;
	exports.isDocument = identity.isDocument;
	exports.isMap = identity.isMap;
	exports.isNode = identity.isNode;
	exports.isPair = identity.isPair;
	exports.isScalar = identity.isScalar;
	exports.isSeq = identity.isSeq;
	exports.Pair = Pair.Pair;
	exports.Scalar = Scalar.Scalar;
	exports.YAMLMap = YAMLMap.YAMLMap;
	exports.YAMLSeq = YAMLSeq.YAMLSeq;
	exports.Lexer = lexer.Lexer;
	exports.LineCounter = lineCounter.LineCounter;
	exports.Parser = parser.Parser;
	exports.parse = publicApi.parse;
	exports.parseAllDocuments = publicApi.parseAllDocuments;
	exports.parseDocument = publicApi.parseDocument;
	exports.stringify = publicApi.stringify;
	exports.visit = visit.visit;
	exports.visitAsync = visit.visitAsync;
}));
// src/config/check-nodes.ts
/**
* What YAML allows and a configuration must not: a key twice, a key that is no plain word, a key
* that means something else to JavaScript. The YAML library finds duplicates too, but compares
* every key with every other one, which takes minutes for a hostile file.
*/
function checkNodes(document) {
	const found = [];
	const anchors = /* @__PURE__ */ new Set();
	const visit = (node, path) => {
		if (path.length > maxDepth) {
			found.push({
				offset: offsetOf$1(node),
				path,
				message: "The file is nested too deeply."
			});
			return;
		}
		if ((0, import_dist$2.isAlias)(node)) {
			if (anchors.has(node.source)) return;
			const message = `The alias \`*${node.source}\` leads nowhere; quote it if a star was meant.`;
			found.push({
				offset: offsetOf$1(node),
				path,
				message
			});
			return;
		}
		if ((0, import_dist$2.isNode)(node) && "anchor" in node && node.anchor !== void 0) anchors.add(node.anchor);
		if ((0, import_dist$2.isSeq)(node)) node.items.forEach((item, index) => visit(item, [...path, index]));
		if (!(0, import_dist$2.isMap)(node)) return;
		const seen = /* @__PURE__ */ new Set();
		for (const { key, value } of node.items) {
			const offset = offsetOf$1(key);
			if (!(0, import_dist$2.isScalar)(key)) {
				found.push({
					offset,
					path,
					message: "A key must be a plain word."
				});
				continue;
			}
			const name = String(key.value);
			const message = keyProblem(name, seen);
			if (message !== null) found.push({
				offset,
				path: [...path, name],
				message
			});
			seen.add(name);
			visit(value, [...path, name]);
		}
	};
	visit(document.contents, []);
	return found;
}
function keyProblem(name, seen) {
	if (name === "__proto__") return "The name `__proto__` is reserved.";
	if (name === "<<") return "Merge keys (`<<`) are not read; write the keys out.";
	return seen.has(name) ? `The key \`${name}\` is given twice.` : null;
}
function offsetOf$1(node) {
	return (node?.range)?.[0] ?? 0;
}
var import_dist$2, maxDepth;
var init_check_nodes = __esmMin((() => {
	import_dist$2 = require_dist();
	maxDepth = 40;
}));
// src/config/locate.ts
/** The offset of the key or the value at a path; where there is none, of what would hold it. */
function locate(document, path, on) {
	let node = document.contents;
	let offset = offsetOf(node) ?? 0;
	for (const [depth, step] of path.entries()) {
		if ((0, import_dist$1.isAlias)(node)) node = node.resolve(document);
		const entry = entryOf(node, step);
		if (!entry) return offset;
		offset = offsetOf(depth === path.length - 1 && on === "value" ? entry.value : entry.key) ?? offsetOf(entry.key) ?? offset;
		node = entry.value;
	}
	return offset;
}
function entryOf(node, step) {
	if ((0, import_dist$1.isSeq)(node)) {
		const value = node.items[Number(step)];
		return value === void 0 ? null : {
			key: value,
			value
		};
	}
	if (!(0, import_dist$1.isMap)(node)) return null;
	return node.items.find(({ key }) => (0, import_dist$1.isScalar)(key) && String(key.value) === String(step)) ?? null;
}
function offsetOf(node) {
	return node?.range?.[0] ?? null;
}
var import_dist$1;
var init_locate = __esmMin((() => {
	import_dist$1 = require_dist();
}));
// src/config/read-yaml.ts
/** Reads one YAML document and keeps where everything in it stands. Never throws. */
function readYaml(text, file) {
	const lines = new import_dist.LineCounter();
	const problem = (offset, path, facts) => {
		const { line, col } = lines.linePos(offset);
		return {
			file,
			line: Math.max(line, 1),
			column: Math.max(col, 1),
			...facts,
			path: shorten(pathText(path)),
			message: shorten(facts.message)
		};
	};
	const refuse = (message) => ({
		ok: false,
		problems: [problem(0, [], { message })]
	});
	if (Buffer.byteLength(text) > 1048576) return refuse("The file is larger than 1 MiB.");
	let documents;
	try {
		documents = [...(0, import_dist.parseAllDocuments)(text, {
			lineCounter: lines,
			uniqueKeys: false,
			prettyErrors: false
		})];
	} catch {
		return refuse("The file is nested too deeply.");
	}
	const [document, second] = documents;
	if (!document || document.contents === null && document.errors.length === 0) return refuse("The file is empty.");
	if (document.errors.some(({ message }) => message.startsWith("Maximum call stack"))) return refuse("The file is nested too deeply.");
	const problems = [...document.errors, ...document.warnings].map((error) => problem(error.pos[0], [], { message: sentenceOf(error) }));
	if (second) problems.push(problem(second.range?.[0] ?? 0, [], { message: "The file has more than one document (`---`); one is read." }));
	for (const { offset, path, message } of checkNodes(document)) problems.push(problem(offset, path, { message }));
	if (problems.length > 0) return {
		ok: false,
		problems: problems.toSorted(byPosition).slice(0, 100)
	};
	try {
		return {
			ok: true,
			value: document.toJS({ maxAliasCount: maxAliases }),
			at: (path, on, facts) => problem(locate(document, path, on), path, facts)
		};
	} catch {
		return refuse(`The file expands aliases more than ${maxAliases} times.`);
	}
}
function sentenceOf({ code, message }) {
	const text = sentences[code] ?? message.replaceAll(/\s+/g, " ");
	return /[.!?]$/.test(text) ? text : `${text}.`;
}
/** A hostile file does not decide how long a message is. */
function shorten(text) {
	return text.length > 400 ? `${text.slice(0, 399)}…` : text;
}
var import_dist, maxAliases, sentences;
var init_read_yaml = __esmMin((() => {
	import_dist = require_dist();
	init_check_nodes();
	init_locate();
	init_problem();
	maxAliases = 100;
	sentences = {
		TAB_AS_INDENT: "A tab cannot indent YAML; use spaces.",
		BAD_ALIAS: "An alias (`*name`) cannot be read; quote it if a star was meant."
	};
}));
// src/config/parse.ts
/** Reads the text of a `.github/sallyport.yml`; `file` is only named in problems. Never throws. */
function parseRepositoryConfig(text, file) {
	return parse$1(RepositoryConfig, text, file, overrideProblems);
}
/** `more` finds what the schema cannot: what depends on other parts of the file. */
function parse$1(schema, text, file, more = () => []) {
	const yaml = readYaml(text, file);
	if (!yaml.ok) return yaml;
	const checked = check(schema, yaml.value);
	const found = [...checked.ok ? [] : checked.problems, ...more(yaml.value)];
	if (checked.ok && found.length === 0) return {
		ok: true,
		config: checked.value
	};
	return {
		ok: false,
		problems: found.slice(0, 100).map(({ path, on, ...facts }) => yaml.at(path, on, facts)).toSorted(byPosition)
	};
}
var init_parse = __esmMin((() => {
	init_agent();
	init_issues();
	init_override_problems();
	init_problem();
	init_read_yaml();
	init_repository();
}));
// src/policy/resolve-params.ts
/**
* Holds what was typed against what the targets declare, and fills in defaults on which they agree.
* Nothing is guessed: a value of another type is refused, and handed on as it was typed.
*/
function resolveParams({ typed, carried = {} }, targets) {
	const declared = declaredBy(targets);
	const stranger = Object.keys(typed).find((name) => !declared.has(name));
	if (stranger !== void 0) return refuseUnknown(stranger, declared);
	const params = {};
	for (const [name, all] of declared) {
		const value = own(typed, name) ?? own(carried, name);
		const misfit = value === void 0 ? void 0 : all.find(({ param }) => !isFitting(value, param));
		if (misfit) return refuseMisfit(name, misfit);
		const [first] = all;
		const missing = all.find(({ param }) => param.required && param.default === void 0);
		if (value === void 0 && missing) return refuseMissing$1(name, missing);
		const common = all.every(({ param }) => param.default === first?.param.default);
		const filled = value ?? (common ? first?.param.default : void 0);
		if (filled !== void 0) params[prefix + name] = `${filled}`;
	}
	return {
		ok: true,
		params
	};
}
/** What people gave to a job, by name. */
function givenOf(params) {
	return Object.fromEntries(Object.entries(params).filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(6), value]));
}
function declaredBy(targets) {
	const all = targets.flatMap(({ name: target, config }) => Object.entries(config.params).map(([name, param]) => ({
		name,
		target,
		param
	})));
	return Map.groupBy(all, ({ name }) => name);
}
function refuseUnknown(name, declared) {
	const known = [...declared.keys()];
	const meant = nearest(name, known);
	const message = `No target here takes the parameter ${name}`;
	if (meant !== void 0) return {
		ok: false,
		message,
		hint: `Did you mean ${meant}?`
	};
	return {
		ok: false,
		message,
		hint: known.length === 0 ? "Type the command without parameters, or declare them: `params` of the target." : `The parameters there are: ${known.join(", ")}`
	};
}
function refuseMisfit(name, { target, param }) {
	return {
		ok: false,
		message: `${target} takes ${param.choices ? `one of ${param.choices.join(", ")}` : kinds[param.type]} as ${name}`,
		hint: `Type the command again with: | ${name}=${exampleOf(param)}`
	};
}
function refuseMissing$1(name, { target, param }) {
	return {
		ok: false,
		message: `${target} needs the parameter ${name}${param.describe === void 0 ? "" : ` (${param.describe})`}`,
		hint: `Type the command again with: | ${name}=${exampleOf(param)}`
	};
}
function exampleOf({ type, choices }) {
	const word = choices?.[0] ?? {
		string: "…",
		number: "3",
		boolean: "true"
	}[type];
	return /\s/.test(word) ? `"${word}"` : word;
}
function own(record, name) {
	return Object.hasOwn(record, name) ? record[name] : void 0;
}
var prefix, kinds;
var init_resolve_params = __esmMin((() => {
	init_params$1();
	init_nearest();
	prefix = "param.";
	kinds = {
		string: "a text of one line",
		number: "a number such as 3 or -0.5",
		boolean: "true or false"
	};
}));
// src/app/configuration.ts
/** Rejects where the default branch has no configuration, or one that is not valid. */
async function readPolicy(github, defaultBranch) {
	const head = await github.ref("branch", defaultBranch);
	const text = head && await github.file(configPath, head.sha);
	if (!head || text === null) throw new SallyportError({
		code: "policy_missing",
		message: `There is no ${configPath} on ${defaultBranch}`,
		hint: `Write one and merge it to ${defaultBranch}; check it with: sallyport validate`,
		exit: exitCodes.usage
	});
	return {
		sha: head.sha,
		config: parse(text, defaultBranch)
	};
}
/** What the commit declares. Rejects where it declares nothing, or nothing valid. */
async function readDeclared(github, sha) {
	const text = await github.file(configPath, sha);
	if (text !== null) return parse(text, sha.slice(0, 7));
	throw new SallyportError({
		code: "config_missing",
		message: `There is no ${configPath} in ${sha.slice(0, 7)}`,
		hint: "Bring the branch up to date with the default branch.",
		exit: exitCodes.usage
	});
}
/** What starts a deployment by itself; without a `trigger`, a push to the default branch. */
function triggerOf({ trigger }, defaultBranch) {
	if (!trigger) return {
		branches: [defaultBranch],
		tags: [],
		releases: false,
		merges: false
	};
	const { branches = [], tags = [], releases, merges } = trigger;
	return {
		branches,
		tags,
		releases,
		merges
	};
}
/** Where the job goes, and with which parameters. Rejects where the policy does not permit what the commit declares. */
function resolveFor({ config }, commit, environment, given = nothingGiven) {
	const resolved = resolveTargets({
		policy: config,
		commit,
		environment
	});
	if (!resolved.ok) {
		const [problem] = resolved.problems;
		throw new SallyportError({
			code: problem?.code ?? "not_permitted",
			message: resolved.problems.map(({ message }) => message).join("; "),
			hint: problem?.hint,
			exit: exitCodes.refused
		});
	}
	const targets = onlyOf(given.only, resolved.targets, environment);
	if (given.isToStage && !targets.some(({ kind }) => kind === "service")) throw nothingToStage(environment);
	const params = resolveParams(given, targets);
	if (!params.ok) {
		const { message, hint } = params;
		throw new SallyportError({
			code: "invalid_parameter",
			message,
			hint,
			exit: exitCodes.usage
		});
	}
	return {
		params: params.params,
		targets: targets.map(({ name, kind, wave, hosts }) => ({
			name,
			kind,
			wave,
			hosts: [...hosts]
		})),
		roster: [...resolved.roster],
		...rolloutFor(resolved.roster.length, config.environments[environment]),
		on_failure: config.environments[environment]?.on_failure ?? "rollback"
	};
}
/** A host that is alone follows nobody. */
function rolloutFor(hosts, environment) {
	if (hosts < 2 || !environment) return {};
	const { max_unavailable, ...rollout } = environment.rollout;
	return { rollout: {
		...rollout,
		max_unavailable: max_unavailable ?? rollout.batch
	} };
}
function onlyOf(only, targets, environment) {
	if (only === void 0) return targets;
	const known = targets.map(({ name }) => name);
	const lost = only.find((name) => !known.includes(name));
	if (lost === void 0) return targets.filter(({ name }) => only.includes(name));
	const meant = nearest(lost, known);
	throw new SallyportError({
		code: "target_unknown",
		message: `${environment} has no target ${lost.slice(0, 63)}; this commit brings ${known.join(", ")} there`,
		hint: meant === void 0 ? `--only ${known[0] ?? ""}` : `Did you mean --only ${meant}?`,
		exit: exitCodes.notFound
	});
}
function nothingToStage(environment) {
	return new SallyportError({
		code: "nothing_to_stage",
		message: "None of the targets is a service, and nothing else has an idle slot to wait in",
		hint: `/deploy ${environment}`,
		exit: exitCodes.usage
	});
}
function parse(text, where) {
	const parsed = parseRepositoryConfig(text, configPath);
	if (parsed.ok) return parsed.config;
	const [{ line, message } = {
		line: 1,
		message: "it cannot be read"
	}] = parsed.problems;
	const more = parsed.problems.length - 1;
	throw new SallyportError({
		code: "config_invalid",
		message: `${configPath} at ${where}, line ${line}: ${message}${more > 0 ? ` (and ${more} more)` : ""}`,
		hint: "See all that is wrong with it: sallyport validate",
		exit: exitCodes.usage
	});
}
var configPath, nothingGiven;
var init_configuration = __esmMin((() => {
	init_permit();
	init_parse();
	init_nearest();
	init_resolve_params();
	init_errors$3();
	configPath = ".github/sallyport.yml";
	nothingGiven = { typed: {} };
}));
// src/app/comment-style.ts
/** Read once a minute at most. Never rejects: what cannot be read is as if nothing were said. */
async function styleOf(world) {
	const { surfaces } = world.followUps;
	const now = world.clock.now();
	if (!surfaces.style || surfaces.styleUntil <= now) {
		surfaces.styleUntil = now + keptMs;
		surfaces.style = readStyle(world);
	}
	return surfaces.style;
}
async function readStyle(world) {
	try {
		const { sha, config } = await readPolicy(world.github, world.repository.defaultBranch);
		const { labels, templates } = config.comments;
		const [deployment, refusal] = await Promise.all([readTemplate("deployment", templates, sha, world), readTemplate("refusal", templates, sha, world)]);
		return {
			labels,
			deployment,
			refusal
		};
	} catch {
		return plain;
	}
}
async function readTemplate(kind, templates, sha, { github, log }) {
	const path = templates[kind];
	if (path === void 0) return null;
	const text = await github.file(path, sha).catch((error) => asSallyportError(error));
	const problem = text === null ? "there is no such file" : typeof text === "string" ? templateProblem(kind, text) : text.message;
	if (problem === null && typeof text === "string") return text;
	log.warn("a template was not used", {
		template: path,
		problem
	});
	return null;
}
var plain, keptMs;
var init_comment_style = __esmMin((() => {
	init_errors$3();
	init_template();
	init_configuration();
	plain = {
		labels: false,
		deployment: null,
		refusal: null
	};
	keptMs = 6e4;
}));
// src/model/deployment.ts
var githubStates;
var init_deployment = __esmMin((() => {
	githubStates = {
		pending: "queued",
		validating: "in_progress",
		planning: "in_progress",
		"awaiting-approval": "pending",
		"backing-up": "in_progress",
		applying: "in_progress",
		"post-validating": "in_progress",
		completed: "success",
		"rolling-back": "in_progress",
		"rolled-back": "failure",
		failed: "failure",
		rejected: "inactive",
		cancelled: "inactive",
		superseded: "inactive",
		skipped: "inactive"
	};
}));
// src/deploy/order.ts
/**
* Whether a newer deployment takes the place of an older one that has not begun, rather than wait
* behind it: one of the same branch, tag or pull request does. What came by itself gives way to
* whatever is newer, and a rollback of a person, or a switch, goes before everything: people want it now,
* and what is staged would not outlast another deployment.
*/
function supersedes(newer, older) {
	if (older.flags["auto"] === true) return true;
	if (newer.operation === "switch") return true;
	if (newer.operation === "rollback" && newer.flags["auto"] !== true) return true;
	return newer.ref === older.ref || isSamePull(newer, older);
}
function isSamePull(newer, older) {
	const { pull } = newer.flags;
	return pull !== void 0 && pull === older.flags["pull"];
}
var init_order = __esmMin((() => {}));
// src/deploy/act.ts
/**
* Writes a person's word on a deployment. The same word of the same person is one record. Whether
* it counts is up to the fold: what has begun is not stopped any more. Rejects as the ledger does.
*/
async function writeAct(act, world, signal) {
	const { view, state, reason = reasonsOf[state], person, plan, words } = act;
	const { deployment, job, digest } = view;
	const record = {
		kind: "act",
		state,
		job: shortDigest(digest),
		subject: person,
		plan: plan && shortDigest(plan),
		reason,
		at: world.now()
	};
	const entry = await world.ledger.append({
		deployment,
		token: signRecord(record, world.key),
		state: githubStates[stateWith(view, record)],
		environment: job.environment,
		description: words.slice(0, 140)
	}, signal);
	world.reader.note(entry);
}
/**
* Ends what was to change an environment before the newest job, has not begun and gives way to it
* (`supersedes`); the others wait in line. Gives what was ended. Rejects as the ledger does; to
* call it again is safe.
*/
async function supersedeOlder({ running, queue }, newest, world, signal) {
	if (!changesTargets(newest.job.operation)) return [];
	const older = [running, ...queue].filter((view) => view !== null && view.deployment < newest.deployment && mayBeStopped(view) && supersedes(newest.job, view.job));
	const person = newest.job.actor.id;
	for (const view of older) {
		const gone = view.acts.some(({ state }) => state === "approved") ? "; its approvals count no more" : "";
		await writeAct({
			view,
			state: "superseded",
			person,
			plan: null,
			words: `superseded by deployment ${newest.deployment}${gone}`
		}, world, signal);
	}
	return older;
}
/** A job that changes what holds in an environment and touches no target. */
function stateDraft(ask) {
	return {
		...ask,
		ref: "",
		targets: [],
		roster: [],
		on_failure: "stop",
		flags: {},
		authors: [ask.actor.login],
		gates: []
	};
}
function stateWith(view, record) {
	const { deployment } = view;
	return stepDeployment(view, {
		id: Number.MAX_SAFE_INTEGER,
		deployment,
		record,
		signer: { kind: "app" },
		at: record.at
	}).state;
}
var reasonsOf;
var init_act = __esmMin((() => {
	init_deployment();
	init_job();
	init_fold_deployment();
	init_order();
	init_record_codec();
	reasonsOf = {
		approved: "none",
		rejected: "rejected",
		cancelled: "cancelled",
		superseded: "superseded",
		skipped: "nothing_to_change"
	};
}));
// src/app/act-world.ts
/** What people's acts are written with: the App's key, and the ledger's time of this reading. */
function actWorld({ ledger, reader, key }, { now }) {
	return {
		ledger,
		reader,
		key,
		now: () => now
	};
}
var init_act_world = __esmMin((() => {}));
// src/policy/gate.ts
function openGate(name, reason, message) {
	return {
		name,
		open: true,
		reason,
		message,
		hint: null
	};
}
function closedGate(name, reason, message, hint = null, opensAt) {
	const decision = {
		name,
		open: false,
		reason,
		message,
		hint
	};
	return opensAt === void 0 ? decision : {
		...decision,
		opensAt
	};
}
/** The first gate that is closed, in the order in which they were judged. */
function firstClosed(gates) {
	return gates.find(({ open }) => !open) ?? null;
}
var init_gate = __esmMin((() => {}));
// src/policy/people.ts
/** Two approvals are two people. */
function countPeople(approvals) {
	return new Set(approvals.map(({ person }) => person)).size;
}
/** `/approve production 4f2a…`: the digest says which plan is meant. */
function approveHint(environment) {
	return `Look at the plan (/plan ${environment}), then type: /approve ${environment}`;
}
/** Whether a list of logins and teams names this person. */
function isNamed(list, { login, teamsOf = [] }) {
	const names = [login, ...teamsOf].map(plainName);
	return list.some((name) => names.includes(plainName(name)));
}
/** GitHub's names ignore case; people write them with an @ or without. */
function plainName(name) {
	return name.replace(/^@/, "").toLowerCase();
}
/** That people approved what is no longer planned; '' where nobody did. */
function voidInWords({ voidApprovals }) {
	if (voidApprovals === 0) return "";
	const [what, are] = voidApprovals === 1 ? ["approval", "is"] : ["approvals", "are"];
	return `; ${voidApprovals} ${what} of an earlier plan ${are} void, since the plan has changed`;
}
var init_people$1 = __esmMin((() => {}));
// src/policy/approvals.ts
/** As many people as the policy wants have approved this commit and exactly this plan. */
function judgeApprovals(facts) {
	const { policy, environment, request, approvals } = facts;
	const wanted = approvalsWanted(policy, request.flags);
	if (wanted === 0) return openGate("approvals", "not_required", "No approval is required");
	if (request.isRollback || request.isHealing) return openGate("approvals", "accepted_before", "It goes back to what was accepted here");
	if (request.isStaged) return openGate("approvals", "accepted_before", "It was approved when it was staged");
	const count = countPeople(approvals);
	const message = `${count} of ${wanted} people approved this plan${voidInWords(facts)}`;
	if (count >= wanted) return openGate("approvals", "approved", message);
	return closedGate("approvals", "awaiting_approval", message, approveHint(environment.name));
}
/** As many as the policy says, and as many as the job itself asks for, which GitHub's rules did. */
function approvalsWanted({ require }, { approvals }) {
	if (approvals === void 0) return require.approvals;
	const asked = /^\d{1,2}$/.test(String(approvals)) ? Number(approvals) : 1;
	return Math.max(require.approvals, asked);
}
var init_approvals = __esmMin((() => {
	init_gate();
	init_people$1();
}));
// src/app/approvals-needed.ts
/** How many people have to approve: as the policy and GitHub say, and one at least of what breaks somebody. */
function approvalsNeeded({ units, job }, policy) {
	const isBreaking = units.some(({ reason }) => reason === "breaking_change");
	return Math.max(approvalsWanted(policy, job.flags), isBreaking ? 1 : 0);
}
var init_approvals_needed = __esmMin((() => {
	init_approvals();
}));
// src/app/begun.ts
/** Work whose outcome is looked at later: a failure until then does not count as unhandled. */
function begun(work) {
	work.catch(() => {});
	return work;
}
var init_begun = __esmMin((() => {}));
// src/app/too-late.ts
/** A person's word came when the deployment had gone on: it does not count. */
function tooLate({ deployment, job, state, over }) {
	return new SallyportError({
		code: "too_late",
		message: `That came too late: deployment ${deployment} to ${job.environment} is ${state} by now${over ? "" : ", and has begun"}`,
		hint: `/${over ? "status" : "cancel"} ${job.environment}`,
		exit: exitCodes.refused
	});
}
var init_too_late = __esmMin((() => {
	init_errors$3();
}));
// src/policy/approvers.ts
/**
* Whether this person's approval counts: one of the policy's approvers (without any: whoever may
* deploy, which permission has judged), and no author unless the policy lets them.
*/
function judgeApprover(require, facts) {
	const { login } = facts.person;
	const { approvers } = require;
	if (!require.author_may_approve && isAuthor(facts)) return closedGate("approvers", "is_author", `${login} is an author of this change (opened it, pushed to it, or asked for it)`, "Ask someone else who may approve.");
	if (approvers.length === 0) return openGate("approvers", "anyone", `${login} may deploy`);
	if (isNamed(approvers, {
		login,
		teamsOf: facts.teamsOf
	})) return openGate("approvers", "is_approver", `${login} is an approver`);
	return closedGate("approvers", "not_approver", `${login} is not an approver; approvers are ${approvers.join(", ")}`, "Ask one of them.");
}
function isAuthor({ person, authors, actor }) {
	return [...authors, actor.login].map(plainName).includes(plainName(person.login)) || person.id > 0 && person.id === actor.id;
}
var init_approvers = __esmMin((() => {
	init_gate();
	init_people$1();
}));
// src/policy/reviewers.ts
/** Whether GitHub's environment lets this person approve, besides what the policy says of approvers. */
function judgeReviewer({ reviewers, preventSelfReview }, { person, actor, teamsOf }) {
	const { login } = person;
	if (reviewers.length === 0) return openGate("reviewers", "not_required", "GitHub's environment has no required reviewers");
	if (preventSelfReview && person.id === actor.id) return closedGate("reviewers", "self_review", `${login} asked for this deployment, and GitHub's environment prevents self-review`, "Ask another reviewer.");
	if (reviewers.some((reviewer) => reviewer.kind === "user" ? reviewer.id === person.id : teamsOf.includes(reviewerInWords(reviewer)))) return openGate("reviewers", "is_reviewer", `${login} is a required reviewer`);
	return closedGate("reviewers", "not_reviewer", `${login} is no required reviewer of GitHub's environment; those are ${reviewers.map(reviewerInWords).join(", ")}`, "Ask one of them.");
}
/** A login, or `@org/team`. */
function reviewerInWords(reviewer) {
	return reviewer.kind === "user" ? reviewer.login : `@${reviewer.organization}/${reviewer.slug}`;
}
var init_reviewers = __esmMin((() => {
	init_gate();
}));
// src/policy/name-pattern.ts
/**
* Whether a name fits one of GitHub's patterns for branches and tags, which are those of Ruby's
* `File.fnmatch` with FNM_PATHNAME: `*` and `?` stand for anything but a slash, `**` before a
* slash for folders, `[…]` for one character.
*/
function matchesAnyName(patterns, name) {
	return patterns.some((pattern) => matchesName(pattern, name));
}
/** Whether a pattern uses nothing but `*`, as `require.refs` does too. */
function isPlainPattern(pattern) {
	return !/\*\*|[?[\]\\{}]/.test(pattern);
}
function matchesName(pattern, name) {
	let source = "";
	for (const [part] of pattern.matchAll(token)) source += sourceOf(part);
	try {
		return new RegExp(`^${source}$`, "su").test(name);
	} catch {
		return false;
	}
}
function sourceOf(part) {
	if (part === "**/") return "(?:[^/]+/)*";
	if (part.startsWith("*")) return "[^/]*";
	if (part === "?") return "[^/]";
	if (part.length > 1 && part.startsWith("[")) return classOf(part.slice(1, -1));
	return literal(part.length > 1 && part.startsWith("\\") ? part.slice(1) : part);
}
function classOf(inside) {
	const negated = /^[!^]/.test(inside);
	const members = inside.replace(/^[!^]/, "").replaceAll(/[\\^[\]]/g, "\\$&");
	return negated ? `(?!/)[^${members}]` : `(?!/)[${members}]`;
}
function literal(text) {
	return text.replaceAll(/[\\^$.+?()[\]{}|/*]/g, "\\$&");
}
var token;
var init_name_pattern = __esmMin((() => {
	token = /\*\*\/|\*+|\?|\[[!^]?[^\]/]+\]|\\.|./gsu;
}));
// src/policy/github-rules.ts
/** One of the places that the commit is deployed from fits GitHub's branch and tag policies. */
function judgeGithubRefs(environment, { branches, tags }, places) {
	const fits = places.find(({ kind, name }) => matchesAnyName(kind === "branch" ? branches : tags, name));
	if (fits) return openGate("github-refs", "admitted", `GitHub's environment ${environment} takes ${fits.kind} ${fits.name}`);
	const from = places.map(({ kind, name }) => `${kind} ${name}`).join(" or ");
	const taken = [...branches.map((name) => `branch ${name}`), ...tags.map((name) => `tag ${name}`)].join(", ");
	return closedGate("github-refs", "not_admitted_by_github", `GitHub's environment ${environment} does not take ${from || "this commit"}; it takes ${taken || "nothing"}`, "Deploy from one of these, or change \"Deployment branches and tags\" of the environment on GitHub.");
}
var init_github_rules$1 = __esmMin((() => {
	init_name_pattern();
	init_gate();
}));
// src/policy/ref-pattern.ts
/**
* Whether a branch's or tag's short name fits a pattern: `*` stands for anything but
* a slash, `**` for anything, everything else for itself.
*/
function matchesRef(pattern, name) {
	const source = pattern.split(/(\*+)/).map((part) => part.startsWith("**") ? ".*" : part === "*" ? "[^/]*" : part.replace(special, "\\$&")).join("");
	return new RegExp(`^${source}$`, "su").test(name);
}
function matchesAnyRef(patterns, name) {
	return patterns.some((pattern) => matchesRef(pattern, name));
}
var special;
var init_ref_pattern = __esmMin((() => {
	special = /[\\^$.+?()[\]{}|/]/g;
}));
// src/app/find-place.ts
/**
* The admitted ref that the commit is on; `null` where there is none. A commit that
* was read from an admitted ref costs nothing; else refs are compared, the likeliest first.
* The agent proves it again from what it fetched.
*/
async function findPlace(commit, admitted, github) {
	const { place, sha } = commit;
	if (place && isAdmitted(place, commit, admitted)) return place;
	const broughtInto = await branchBroughtInto(commit, admitted, github);
	if (broughtInto) return broughtInto;
	const tips = [...pullTip(commit, admitted), ...await admittedTips(admitted, github)];
	const exact = tips.find((tip) => tip.sha === sha);
	if (exact) return exact.place;
	for (const tip of tips.slice(0, maxComparisons)) if (await isReachable(sha, tip.sha, github)) return tip.place;
	return null;
}
/** In words: `branch main`, `pull request 12`. */
function placeInWords(place) {
	return place.kind === "pull" ? `pull request ${place.number}` : `${place.kind} ${place.name}`;
}
/**
* The head of a fork's pull request counts where pull requests do, once it is the head of a branch
* of this repository, which hosts fetch. Whether forks may come at all is another gate.
*/
async function branchBroughtInto({ place, pull, sha }, admitted, github) {
	const isFork = pull?.isOpen === true && pull.head.repository !== pull.base.repository;
	if (place?.kind !== "pull" || !admitted.pull || !isFork) return null;
	const [name] = await github.branchesAt(sha);
	return name === void 0 ? null : {
		kind: "branch",
		name
	};
}
function isAdmitted(place, { pull }, admitted) {
	if (place.kind === "pull") return admitted.pull && pull !== null && isOwn$1(pull);
	return matchesAnyRef(place.kind === "branch" ? admitted.branches : admitted.tags, place.name);
}
function pullTip({ pull }, admitted) {
	if (!pull || !admitted.pull || !isOwn$1(pull)) return [];
	return [{
		sha: pull.head.sha,
		place: {
			kind: "pull",
			number: pull.number
		}
	}];
}
function isOwn$1({ isOpen, head, base }) {
	return isOpen && head.repository === base.repository;
}
async function admittedTips(admitted, github) {
	const asked = [...admitted.branches.map((pattern) => refsFitting("branch", pattern, github)), ...admitted.tags.map((pattern) => refsFitting("tag", pattern, github))];
	return (await Promise.all(asked)).flat().map(({ kind, name, sha }) => ({
		sha,
		place: {
			kind,
			name
		}
	}));
}
async function refsFitting(kind, pattern, github) {
	const star = pattern.indexOf("*");
	if (star < 0) {
		const ref = await github.ref(kind, pattern);
		return ref ? [ref] : [];
	}
	return (await github.refsBeginning(kind, pattern.slice(0, star))).filter(({ name }) => matchesAnyRef([pattern], name)).toReversed();
}
async function isReachable(sha, tip, github) {
	const relation = await github.relation(sha, tip);
	return relation === "ahead" || relation === "identical";
}
var maxComparisons;
var init_find_place = __esmMin((() => {
	init_ref_pattern();
	maxComparisons = 20;
}));
// src/app/github-rules.ts
/** The rules of GitHub's environment, where the policy wants them; `null` where there are none. */
async function readGithubRules(environment, { require }, github) {
	return require.github === false ? null : github.environmentRules(environment);
}
/** Judges what can be judged now, and hands the rest to the hosts in flags of the job. */
async function applyGithubRules(at, commit, { github, log }) {
	const { environment, rules, now } = at;
	const found = rules.require.github === false ? null : await at.found;
	if (found === null) return {
		gates: [],
		flags: {}
	};
	if (found === "unread") {
		log.warn("the rules of an environment on GitHub cannot be read", {
			environment,
			hint: "Give the App `actions: read`, or say `require: { github: false }`."
		});
		return {
			gates: [unreadGate(environment, rules)],
			flags: {}
		};
	}
	const { refs, reviewers, waitMinutes } = found;
	return {
		gates: refs ? [judgeGithubRefs(environment, refs, await placesOf(commit, refs, github))] : [openGate("github", "followed", `GitHub's environment ${environment} was read`)],
		flags: {
			...reviewers.length > 0 ? { approvals: "1" } : {},
			...waitMinutes > 0 ? { "not-before": new Date(now + waitMinutes * 6e4).toISOString() } : {}
		}
	};
}
/** Closed where the policy names GitHub's rules; where it only does not speak of them, they do not hold. */
function unreadGate(environment, { require }) {
	const message = `The App may not read the rules of GitHub's environment ${environment}`;
	if (require.github === void 0) return openGate("github", "github_unread", message);
	return closedGate("github", "github_unread", message, "Give the App `actions: read`.");
}
/** By which names GitHub's patterns may know the commit. */
async function placesOf(commit, refs, github) {
	const { place = null, pull = null, sha } = commit;
	if (place?.kind === "branch" || place?.kind === "tag") return [place];
	if (place && pull) {
		const merge = {
			kind: "branch",
			name: `refs/pull/${pull.number}/merge`
		};
		return [...(pull.head.repository === pull.base.repository ? [pull.head.branch] : await github.branchesAt(sha)).map((name) => ({
			kind: "branch",
			name
		})), merge];
	}
	const admitted = {
		branches: refs.branches.filter(isPlainPattern),
		tags: refs.tags.filter(isPlainPattern),
		pull: false
	};
	const found = await findPlace({
		sha,
		place: null,
		pull: null
	}, admitted, github);
	return found && found.kind !== "pull" ? [found] : [];
}
var init_github_rules = __esmMin((() => {
	init_gate();
	init_github_rules$1();
	init_name_pattern();
	init_find_place();
}));
// src/app/teams-of.ts
/** Those of the named teams, as `@org/team`, that the person is in: asked of GitHub at this moment. */
async function teamsOf(person, names, github) {
	const teams = names.filter((name) => name.includes("/"));
	const isMember = await Promise.all(teams.map((team) => isIn(person, team, github)));
	return teams.filter((_, at) => isMember[at]);
}
async function isIn(person, team, github) {
	const [, organization, slug] = /^@?([^/]+)\/([^/]+)$/.exec(team) ?? [];
	return organization !== void 0 && slug !== void 0 ? github.isInTeam(person, organization, slug) : false;
}
var init_teams_of = __esmMin((() => {}));
// src/app/judge-approver.ts
/**
* Whether this person's approval counts: for the policy, and for the environment of the same name on
* GitHub. Both have to say yes; teams and rules are asked of GitHub at this moment.
*/
async function judgeApproverOf(person, rules, job, github) {
	const { require } = rules;
	const { authors, actor } = job;
	const [teams, byGithub] = await Promise.all([teamsOf(person, require.approvers, github), judgeByGithub(person, rules, job, github)]);
	return [judgeApprover(require, {
		person,
		authors,
		actor,
		teamsOf: teams
	}), ...byGithub];
}
async function judgeByGithub(person, rules, { environment, actor, flags }, github) {
	const found = await readGithubRules(environment, rules, github);
	if (found === null) return [];
	if (found === "unread") return flags["approvals"] === void 0 ? [unreadGate(environment, rules)] : [reviewersUnread()];
	return [judgeReviewer(found, {
		person,
		actor,
		teamsOf: await teamsOf(person, found.reviewers.filter(({ kind }) => kind === "team").map((reviewer) => reviewerInWords(reviewer)), github)
	})];
}
function reviewersUnread() {
	return closedGate("reviewers", "github_unread", "GitHub does not tell who the required reviewers are", "Give the App `actions: read`, then approve again.");
}
var init_judge_approver = __esmMin((() => {
	init_approvers();
	init_gate();
	init_reviewers();
	init_github_rules();
	init_teams_of();
}));
// src/policy/permission.ts
/** Who may: whoever may write to the repository, as GitHub said when it was asked. */
function judgePermission(login, held) {
	if (permissions.indexOf(held) >= permissions.indexOf("write")) return openGate("permission", "may_write", `${login} has ${held} permission`);
	return closedGate("permission", "needs_write", `${login} has ${held} permission on this repository; deploying needs write`, "Ask someone who may write to this repository to type the command.");
}
var permissions;
var init_permission = __esmMin((() => {
	init_gate();
	permissions = [
		"none",
		"read",
		"triage",
		"write",
		"maintain",
		"admin"
	];
}));
// src/policy/may.ts
/** The logins and teams that a command is kept to; `null`: whoever may write. */
function keptTo(may, command) {
	return may[command] ?? (deploying.has(command) ? may.deploy : void 0) ?? null;
}
/** Whether this person is one of those to whom the environment keeps the command. */
function judgeMay({ command, environment, person, kept }) {
	const { login } = person;
	if (isNamed(kept, person)) return openGate("may", "is_named", `${login} may /${command}`);
	return closedGate("may", "not_named", `${login} may not /${command} on ${environment}; those who may are ${kept.join(", ")}`, "Ask one of them to type the command.");
}
var deploying;
var init_may = __esmMin((() => {
	init_gate();
	init_people$1();
	deploying = /* @__PURE__ */ new Set(["promote", "switch"]);
}));
// src/app/judge-may.ts
/** Whether the environment lets this person type the command; no gate where it keeps it to nobody. */
async function judgeMayOf(person, command, environment, { may }, github) {
	const kept = keptTo(may, command);
	if (kept === null) return [];
	const teams = await teamsOf(person, kept, github);
	return [judgeMay({
		command,
		environment,
		person: {
			login: person.login,
			teamsOf: teams
		},
		kept
	})];
}
var init_judge_may = __esmMin((() => {
	init_may();
	init_teams_of();
}));
// src/app/react.ts
/** A reaction is a courtesy: where it is not taken, the work goes on. */
async function react(reaction, { comment }, { github, log }) {
	try {
		await github.react(comment, reaction);
	} catch (error) {
		log.warn("a reaction was not taken", {
			reaction,
			error: String(error)
		});
	}
}
var init_react = __esmMin((() => {}));
// src/app/refuse.ts
/** Thrown by a closed gate: what is told is the gate's own message and hint. */
function refuseWhereClosed(gates) {
	const closed = firstClosed(gates);
	if (!closed) return;
	throw new SallyportError({
		code: closed.reason,
		message: closed.message,
		hint: closed.hint ?? void 0,
		exit: exitCodes.refused
	});
}
/** The environment's rules. Rejects where the default branch has none by this name. */
function rulesOf$1(environment, { config }, command) {
	const rules = config.environments[environment];
	if (rules) return rules;
	const known = Object.keys(config.environments);
	const meant = nearest(environment, known) ?? known[0];
	throw new SallyportError({
		code: "environment_unknown",
		message: `There is no environment ${environment}; the default branch has ${known.join(", ") || "none"}`,
		hint: meant ? `/${command} ${meant}` : "Add it to .github/sallyport.yml on the default branch.",
		exit: exitCodes.notFound
	});
}
var init_refuse = __esmMin((() => {
	init_errors$3();
	init_nearest();
	init_gate();
}));
// src/app/person.ts
/** Rejects where this person may not; nothing is said before that is known. */
async function requireMay({ event, words, answer }, { github }) {
	refuseWhereClosed([judgePermission(event.author.login, await github.permissionOf(event.author))]);
	answer.begin(workingComment(words));
}
/**
* Rejects where the environment keeps this command from the person, and tells who may. An environment
* that has left the policy keeps nothing.
*/
async function requireMayHere({ command, event }, environment, { config }, { github }) {
	const rules = config.environments[environment];
	if (!rules) return;
	refuseWhereClosed(await judgeMayOf(event.author, command.name, environment, rules, github));
}
/** Says what was done, and what comes next. */
async function tellDone({ event, words, answer }, said, world) {
	await Promise.all([react("rocket", event, world), answer.write(doneComment({
		words,
		...said
	}))]);
}
var init_person = __esmMin((() => {
	init_permission();
	init_answer_markdown();
	init_judge_may();
	init_react();
	init_refuse();
}));
// src/deploy/end-note.ts
/** What was said of how a deployment ended, by a host that failed or by a person; `null` where nobody said. */
function endNote(view, { log }) {
	const { deployment, state, acts, stopping } = view;
	if (stopping) return stopNote(view, saidOfEnd(deployment, log));
	if (state === "rejected" || state === "cancelled" || state === "superseded") return acts.findLast((act) => act.state === state)?.words || null;
	if (state !== "failed" && state !== "rolled-back" && state !== "rolling-back") return null;
	return saidOfEnd(deployment, log);
}
/** Of a deployment that was cancelled when it had begun: who did it, and at which step it stopped. */
function stopNote({ state, over, stopping }, said) {
	const who = stopping?.words || "cancelled";
	if (state === "completed") return `${who}: too late, the new version was switched to already`;
	return `${who}\n${said ?? (over ? "it has stopped" : "it stops before the next step where that is safe")}`;
}
function saidOfEnd(deployment, log) {
	return log.records.findLast((entry) => entry.deployment === deployment && entry.record.kind === "unit" && (entry.record.state === "failed" || entry.record.state === "rolled-back"))?.words || null;
}
var init_end_note = __esmMin((() => {}));
// src/deploy/rollout.ts
function rolloutOf({ rollout = oneByOne }) {
	return rollout;
}
/** Every batch of a job in its order: waves outside, the canary and the batches of hosts inside. */
function batchesOf({ job, skipped }) {
	return [...new Set(job.targets.map(({ wave }) => wave))].toSorted((a, b) => a - b).flatMap((wave) => batchesOfWave(wave, job, skipped));
}
/**
* The batch at work; `null` where all is done. Hosts open in order, each as soon as one before it is
* done, so that whoever reads an older log sees fewer of them open, never others.
*/
function frontOf(view) {
	const batches = batchesOf(view).filter(({ name }) => name !== "late");
	const place = batches.findIndex((batch) => unitsOf(batch, view).some(isOpen));
	const batch = batches[place];
	if (!batch) return null;
	const { max_unavailable } = rolloutOf(view.job);
	const room = Math.max(1, max_unavailable - view.skipped.length);
	const units = batch.hosts.flatMap((host) => unitsOn(host, batch, view).find(isOpen) ?? []).slice(0, room);
	return {
		batch,
		opensAt: opensAtOf(batch, batches[place - 1], view),
		units
	};
}
/**
* What goes back now. What is under way comes to its end first; then the batches backwards, one unit
* a host, on no more hosts at once than on the way there.
*/
function retreatOf(view) {
	const forward = view.units.filter((unit) => isChanging(unit) && unit.state !== "rolling-back");
	if (forward.length > 0) return forward;
	const batch = batchesOf(view).toReversed().find((each) => unitsOf(each, view).some(isOwed));
	if (!batch) return [];
	const { max_unavailable } = rolloutOf(view.job);
	const room = Math.max(1, max_unavailable - view.skipped.length);
	return batch.hosts.toReversed().flatMap((host) => unitsOn(host, batch, view).findLast(isOwed) ?? []).slice(0, room);
}
/** Whether a unit counts for what becomes of the deployment: those of hosts that were left out do not. */
function isCounted({ host }, skipped) {
	return host === null || !skipped.includes(host);
}
function batchesOfWave(wave, job, skipped) {
	const targets = job.targets.filter((target) => target.wave === wave);
	const named = new Set(targets.flatMap(({ hosts }) => hosts));
	const inOrder = job.roster.flatMap(({ name }) => named.has(name) ? [name] : []);
	const hosts = inOrder.filter((name) => !skipped.includes(name));
	const { canary, batch } = rolloutOf(job);
	const rest = hosts.slice(canary);
	const count = Math.ceil(rest.length / batch);
	return [
		{
			wave,
			name: "nowhere",
			hosts: targets.some((target) => target.hosts.length === 0) ? [null] : []
		},
		{
			wave,
			name: "canary",
			hosts: hosts.slice(0, canary)
		},
		...Array.from({ length: count }, (_, index) => ({
			wave,
			name: index + 1,
			hosts: rest.slice(index * batch, (index + 1) * batch)
		})),
		{
			wave,
			name: "late",
			hosts: inOrder.filter((name) => skipped.includes(name))
		}
	].filter((each) => each.hosts.length > 0);
}
/** Only what changed something is worth a look before others follow. */
function opensAtOf(batch, before, view) {
	const { pause } = rolloutOf(view.job);
	if (pause === 0 || before?.wave !== batch.wave || before.name === "nowhere") return 0;
	const ends = unitsOf(before, view).filter(mayGoBack).map(({ at }) => at);
	return ends.length === 0 ? 0 : Math.max(...ends) + pause;
}
function unitsOf(batch, { units }) {
	return units.filter(({ wave, host }) => wave === batch.wave && batch.hosts.includes(host));
}
/** In the order of the job's targets. */
function unitsOn(host, batch, view) {
	return unitsOf(batch, view).filter((unit) => unit.host === host);
}
function isOpen({ state }) {
	return state !== "done";
}
function isOwed(unit) {
	return unit.state === "rolling-back" || mayGoBack(unit);
}
var oneByOne;
var init_rollout = __esmMin((() => {
	init_reduce_units();
	oneByOne = {
		canary: 0,
		batch: 1,
		pause: 0,
		max_unavailable: 1,
		down: "wait"
	};
}));
// src/deploy/whose-turn.ts
/**
* Whose turn it is: waves outside; inside, the canary and batches of hosts in the order of the
* roster, one unit a host. Plans come in any order, beside whatever runs. A unit on no host is
* anybody's turn; who takes it is a matter of its lease.
*/
function whoseTurn(view, me, rules = noRules$1) {
	const { running } = view;
	const mine = running?.units.find((unit) => isChanging(unit) && unit.host === me);
	if (mine) return turn(running, mine);
	const plan = planTurn(view.plans, me);
	if (plan) return plan;
	return running ? turnOf(running, view, me, rules) : lateTurn(view, me);
}
/** Whether nothing more of it may begin: something failed, or a person cancelled it. */
function isTroubled({ stopping, units, skipped }) {
	return stopping !== null || units.some((unit) => isCounted(unit, skipped) && isTrouble$1(unit.state));
}
function turnOf(running, view, me, rules) {
	if (view.gap && !running.units.some(hasBegun)) return waitForGap(view, running);
	if (isTroubled(running)) return turnAmong(retreatOf(running), running, me);
	if (wantsPlans(running, rules)) {
		const unplanned = running.units.filter((unit) => !unit.plan && unit.state !== "done" && isCounted(unit, running.skipped));
		const next = unplanned.find((unit) => isFor$1(unit, me)) ?? unplanned[0];
		if (next) return isFor$1(next, me) ? planOf$1(running, next) : waitFor(running, [next]);
	}
	const front = frontOf(running);
	if (front && rules.now < front.opensAt) return waitForPause(running, front.opensAt);
	return turnAmong(front?.units ?? [], running, me);
}
/** Where a host that is down is a reason to begin nothing, every host says first that it is there. */
function wantsPlans(running, { planFirst }) {
	return planFirst || running.units.some(isAsking) || rolloutOf(running.job).down === "refuse";
}
function turnAmong(units, running, me) {
	const own = units.find((unit) => isFor$1(unit, me));
	if (own) return turn(running, own);
	return units.length === 0 ? { kind: "idle" } : waitFor(running, units);
}
/** A host that was left out catches up with what completed without it, when nothing else is under way. */
function lateTurn({ lastGood }, me) {
	if (!lastGood?.skipped.includes(me)) return { kind: "idle" };
	const open = lastGood.units.filter((unit) => unit.host === me && unit.state !== "done");
	const [next] = open.toSorted((a, b) => a.wave - b.wave || a.targetIndex - b.targetIndex);
	return next !== void 0 && !open.some(({ state }) => isTrouble$1(state)) ? turn(lastGood, next) : { kind: "idle" };
}
/** The first unit of a job that only plans, and that is for this host. */
function planTurn(plans, me) {
	for (const deployment of plans) {
		const unit = deployment.units.find((own) => isFor$1(own, me) && (own.state === "waiting" || own.state === "planning"));
		if (unit) return planOf$1(deployment, unit);
	}
	return null;
}
function isFor$1({ host }, me) {
	return host === me || host === null;
}
function planOf$1({ deployment }, unit) {
	return {
		kind: "plan",
		deployment,
		unit
	};
}
function turn({ deployment }, unit) {
	return {
		kind: unit.state === "done" || unit.state === "rolling-back" ? "roll-back" : "act",
		deployment,
		unit
	};
}
function waitFor({ deployment }, units) {
	return {
		kind: "wait",
		deployment,
		reason: "not_my_turn",
		message: `deployment ${deployment} is at ${units.map(({ target, host }) => `${target} on ${host}`).join(", ")}`
	};
}
function waitForPause({ deployment }, until) {
	return {
		kind: "wait",
		deployment,
		reason: "rollout_pause",
		message: `deployment ${deployment} pauses between two batches until ${new Date(until).toISOString()}`,
		until
	};
}
function waitForGap({ gap }, { deployment }) {
	return {
		kind: "wait",
		deployment,
		reason: "ledger_gap",
		message: `job ${gap.deployment} follows a job that the ledger does not show (${gap.missing.slice(0, 19)}…)`
	};
}
var noRules$1;
var init_whose_turn = __esmMin((() => {
	init_fold_deployment();
	init_reduce_units();
	init_rollout();
	noRules$1 = {
		planFirst: false,
		now: Infinity
	};
}));
// src/deploy/host-pictures.ts
/**
* Where each host of a rollout stands, in the order in which they go. None for a job whose hosts
* follow each other one by one: its units say it all. `silent` are hosts that were not heard of, by name.
*/
function picturesOf(view, now, silent = /* @__PURE__ */ new Map()) {
	if (view.job.rollout === void 0) return [];
	const batches = batchesOf(view);
	return view.job.roster.map(({ name: host }) => ({
		host,
		at: batches.findIndex(isAt(host, view))
	})).filter(({ at }) => at >= 0).toSorted((a, b) => a.at - b.at).map(({ host, at }) => {
		const batch = batches[at];
		const since = silent.get(host);
		const waits = (since === void 0 ? null : `not heard of since ${timeOf$1(since)}`) ?? waitOf$1(host, view, now);
		return {
			host,
			batch: nameOf(batch, batches),
			state: stateOf$2(host, view),
			waits
		};
	});
}
/** The batch of a host in the wave that it is at: its first one that is not done, else its last. */
function isAt(host, view) {
	const waves = view.units.filter((unit) => unit.host === host).toSorted((a, b) => a.wave - b.wave);
	const at = waves.find(({ state }) => state !== "done") ?? waves.at(-1);
	return ({ wave, hosts }) => wave === at?.wave && hosts.includes(host);
}
function nameOf({ wave, name }, batches) {
	const words = typeof name === "number" ? `batch ${name}` : name;
	return batches.every((batch) => batch.wave === wave) ? words : `wave ${wave}, ${words}`;
}
function stateOf$2(host, view) {
	const own = view.units.filter((unit) => unit.host === host);
	const open = own.find(({ state }) => state !== "done") ?? own.at(-1);
	return view.skipped.includes(host) && open?.state === "waiting" ? "left out" : open?.state ?? "waiting";
}
function waitOf$1(host, view, now) {
	const own = view.units.filter((unit) => unit.host === host);
	if (view.skipped.includes(host)) return own.every(isSettled) || own.some(isChanging) ? null : "its return";
	if (view.over || own.some(isChanging)) return null;
	if (isTroubled(view)) return own.some(mayGoBack) ? hostsBefore(host, retreatOf(view)) : null;
	if (own.every(({ state }) => state === "done")) return null;
	const front = frontOf(view);
	if (!front) return null;
	if (now < front.opensAt) return `the end of the pause at ${timeOf$1(front.opensAt)}`;
	return hostsBefore(host, front.units);
}
/** `null` where it is its own turn: its unit says what it waits for then. */
function hostsBefore(host, units) {
	const hosts = new Set(units.map((unit) => unit.host ?? unit.target));
	return hosts.size === 0 || hosts.has(host) ? null : [...hosts].join(", ");
}
function timeOf$1(ms) {
	return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
var init_host_pictures = __esmMin((() => {
	init_reduce_units();
	init_rollout();
	init_whose_turn();
}));
// src/policy/breaking.ts
/** A change that breaks its users always asks for a person, whatever the policy requires. */
function judgeBreaking(facts) {
	const { environment, request, plan, approvals } = facts;
	if (request.isRollback || request.isHealing) return openGate("breaking", "accepted_before", "It goes back to what was accepted here");
	if (request.isStaged) return openGate("breaking", "accepted_before", "It was planned and accepted when it was staged");
	if (plan === null) return openGate("breaking", "not_planned", "Known once it is planned");
	const { breaking } = plan;
	if (breaking.length === 0) return openGate("breaking", "not_breaking", "Nothing breaks");
	const what = `${breaking.length === 1 ? "1 breaking change" : `${breaking.length} breaking changes`}: ${changesInWords(breaking)}`;
	if (countPeople(approvals) > 0) return openGate("breaking", "approved", `${what}; approved`);
	return closedGate("breaking", "breaking_change", `${what}${voidInWords(facts)}`, approveHint(environment.name));
}
function changesInWords(breaking) {
	const first = breaking.slice(0, named$1).join("; ");
	return breaking.length <= named$1 ? first : `${first} and ${breaking.length - named$1} more`;
}
var named$1;
var init_breaking = __esmMin((() => {
	init_gate();
	init_people$1();
	named$1 = 3;
}));
// src/policy/external.ts
/** Programs and addresses that the policy has asked; whoever does not answer says no. */
function judgeExternal({ policy, external }) {
	const asked = policy.require.external.map(({ name }) => name);
	if (asked.length === 0) return openGate("external", "not_required", "Nobody else is asked");
	const silent = asked.filter((name) => !Object.hasOwn(external, name));
	const refusing = asked.filter((name) => Object.hasOwn(external, name) && !external[name].open);
	if (refusing.length > 0) return closedGate("external", "external_closed", refusing.map((name) => `${name} says no: ${external[name].message}`).join("; "), null);
	if (silent.length === 0) return openGate("external", "external_open", `Asked and open: ${asked.join(", ")}`);
	return closedGate("external", "external_silent", `No answer from ${silent.join(", ")}`, "It is asked again by itself; see that what is asked runs and answers in time.");
}
var init_external = __esmMin((() => {
	init_gate();
}));
// src/policy/freezes.ts
/** Nothing changes in a freeze, `[from, to)`, people's deployments neither; rollbacks may. */
function judgeFreezes({ policy, environment, request, at }) {
	const { name } = environment;
	const last = lastOfFreezes(policy.freezes, at);
	if (!last) return openGate("freezes", "not_frozen", `${name} is not frozen`);
	if (request.isRollback) return openGate("freezes", "rollback", "A rollback waits for no freeze to end");
	const { timezone, reason } = last.freeze;
	return {
		...closedGate("freezes", "frozen", `${name} is frozen until ${isoIn(timezone, last.end)}${reason === "" ? "" : `: ${reason}`}`, "It goes on by itself when the freeze ends; a rollback is possible now.", last.end),
		timezone
	};
}
/** The freeze with which a row of freezes ends that overlap or touch; `null` where it is free. */
function lastOfFreezes(freezes, at) {
	const spans = freezes.map((freeze) => ({
		freeze,
		...spanOf(freeze)
	}));
	let [last, end] = [null, at];
	for (const span of spans.toSorted((a, b) => a.start - b.start)) if (span.start <= end && span.end > end) [last, end] = [span.freeze, span.end];
	return last === null ? null : {
		freeze: last,
		end
	};
}
function spanOf({ from, to, timezone }) {
	return {
		start: instantOf(timezone, wallTime(from)),
		end: instantOf(timezone, wallTime(to))
	};
}
var init_freezes = __esmMin((() => {
	init_window();
	init_timezone();
	init_gate();
}));
// src/policy/from.ts
/** The commit has completed in another environment first. Where nobody knows, it has not. */
function judgeFrom({ policy, request, completedBefore }) {
	const { from } = policy.require;
	const commit = `Commit ${request.sha.slice(0, 7)}`;
	if (from === void 0) return openGate("from", "not_required", "No other environment goes first");
	if (request.isRollback || request.isHealing) return openGate("from", "completed_here", `${commit} was accepted here before`);
	if (completedBefore === true) return openGate("from", "completed_there", `${commit} completed in ${from}`);
	const hint = `Deploy it there first: /deploy ${from} @${request.sha}`;
	return completedBefore === false ? closedGate("from", "not_completed_there", `${commit} has not completed in ${from}`, hint) : closedGate("from", "unknown_there", `Nobody here knows what completed in ${from}`, hint);
}
var init_from = __esmMin((() => {
	init_gate();
}));
// src/policy/held.ts
/** A host on which people acted themselves is left alone until somebody releases it. */
function judgeHeld({ environment, host }) {
	const held = environment.held.filter((one) => host === null || one.host === host);
	const [first] = held;
	if (first === void 0) return openGate("held", "not_held", "No host is held");
	const names = held.map((one) => one.host).join(", ");
	const isOne = held.length === 1;
	const when = isOne ? ` at ${new Date(first.since).toISOString()}` : "";
	return closedGate("held", "held", `${isOne && first.by || "People"} acted on ${names} directly${when}, and nobody has released ${isOne ? "it" : "them"} yet`, `Once it may be changed again: sallyport release ${first.host}`);
}
var init_held = __esmMin((() => {
	init_gate();
}));
// src/policy/standing.ts
/** Whether somebody's word still holds; the instant at which it ends is free again. */
function stands(word, at) {
	return word !== null && (word.until === null || at < word.until);
}
/** `by mona since 2026-12-20 18:00 UTC: moving the database`. */
function standingInWords({ by, reason, since }) {
	const words = `by ${by} since ${minuteOf(since)} UTC`;
	return reason === "" ? words : `${words}: ${reason}`;
}
function minuteOf(at) {
	return new Date(at).toISOString().slice(0, 16).replace("T", " ");
}
var init_standing = __esmMin((() => {}));
// src/policy/unlock.ts
/** Whether a person may take a lock off: whose it is, whom the policy names, and with force whoever runs the repository. */
function judgeUnlock(facts) {
	const { name, lock, person, isNamed, isForced, permission } = facts;
	if (isOwn(lock, person)) return openGate("unlock", "own_lock", `${lock.by} locked ${name}`);
	if (isNamed) return openGate("unlock", "is_named", `${person.login} may unlock ${name}`);
	const isKeeper = permission === "admin" || permission === "maintain";
	if (isForced && isKeeper) return openGate("unlock", "forced", `${person.login} has ${permission} permission`);
	return closedGate("unlock", isForced ? "force_needs_maintain" : "not_owner", `${name} is locked ${standingInWords(lock)}, so ${lock.by} takes the lock off`, isKeeper ? `Ask ${lock.by}, or type: /unlock ${name} --force` : `Ask ${lock.by}, or somebody with maintain permission to type: /unlock ${name} --force`);
}
/** Whether the word is this person's; ids of GitHub and of a host are told apart by the login. */
function isOwn({ by, person }, who) {
	return who.id === person && who.login === by;
}
var init_unlock$1 = __esmMin((() => {
	init_gate();
	init_standing();
}));
// src/policy/lock.ts
/** A lock holds everything back, other people and rollbacks too, until somebody takes it off. */
function judgeLock({ environment, request, at }) {
	const { name, lock } = environment;
	if (!stands(lock, at)) return openGate("lock", "not_locked", `Nobody has locked ${name}`);
	const { actor: login, person: id } = request;
	if (!request.auto && !request.isHealing && isOwn(lock, {
		id,
		login
	})) return openGate("lock", "own_lock", `${name} is locked by ${login}, who asks for this`);
	return closedGate("lock", "locked", `${name} is locked ${standingInWords(lock)}`, `To take the lock off, type: /unlock ${name}`, lock.until ?? void 0);
}
var init_lock$1 = __esmMin((() => {
	init_gate();
	init_standing();
	init_unlock$1();
}));
// src/policy/pause.ts
/** A pause holds back what comes by itself; people go on. It may end by itself. */
function judgePause({ environment, request, at }) {
	const { name, pause } = environment;
	if (!stands(pause, at)) return openGate("pause", "not_paused", `Nobody has paused ${name}`);
	if (!request.auto) return openGate("pause", "asked_by_person", "A pause stops only what comes by itself");
	return closedGate("pause", "paused", `${name} is paused ${standingInWords(pause)}`, `To end the pause, type: /resume ${name}`, pause.until ?? void 0);
}
var init_pause = __esmMin((() => {
	init_gate();
	init_standing();
}));
// src/policy/pull-hold.ts
/**
* An environment that runs a pull request keeps it until that is merged or closed, or a person takes
* another commit there: what comes by itself waits.
*/
function judgePullHold({ policy, environment, request }) {
	const { name, heldByPull: held } = environment;
	if (held === null) return openGate("pull-hold", "no_pull", `${name} runs no pull request`);
	if (!policy.pull_requests.hold) return openGate("pull-hold", "not_required", "Pull requests keep no environment here");
	if (!request.auto || request.isHealing) return openGate("pull-hold", "asked_by_person", "A pull request keeps out only what comes by itself");
	return closedGate("pull-hold", "pull_hold", `${name} runs pull request ${held.pull} (${held.ref}), deployed by ${held.by}, until it is merged or closed`, `To let go of it now, type: /unlock ${name}`);
}
var init_pull_hold = __esmMin((() => {
	init_gate();
}));
// src/policy/quarantine.ts
/** A commit that was rolled back here does not come again, but for a person who insists. */
function judgeQuarantine({ environment, request }) {
	const { name } = environment;
	const found = environment.quarantined.find(({ sha }) => sha === request.sha);
	const commit = `Commit ${request.sha.slice(0, 7)}`;
	if (!found) return openGate("quarantine", "not_quarantined", `${commit} is not quarantined`);
	if (request.isRollback) return openGate("quarantine", "rollback", `${commit} completed in ${name} before`);
	if (!request.auto && request.flags["force-quarantined"] === true) return openGate("quarantine", "forced", `${request.actor} lifts the quarantine of ${commit}`);
	return closedGate("quarantine", "quarantined", `${commit} is quarantined in ${name} since deployment ${found.deployment}: ${found.why}`, `Deploy another commit, or insist with: ${insisting(name, request)} --force-quarantined`);
}
function insisting(name, { sha, isStaged }) {
	return isStaged ? `/switch ${name}` : `/deploy ${name} @${sha}`;
}
var init_quarantine = __esmMin((() => {
	init_gate();
}));
// src/policy/sync.ts
/** In a manual environment nothing comes by itself, but for mending what was accepted already. */
function judgeSync({ policy, environment, request }) {
	if (!request.auto) return openGate("sync", "asked_by_person", `${request.actor || "A person"} asked for it`);
	if (request.isHealing) return openGate("sync", "healing", `It restores what ${environment.name} was told to run`);
	if (policy.sync === "auto") return openGate("sync", "sync_auto", `${environment.name} takes what comes by itself`);
	return closedGate("sync", "sync_manual", `${environment.name} takes nothing that comes by itself; a person says so`, `Type: /deploy ${environment.name} @${request.sha}`);
}
var init_sync = __esmMin((() => {
	init_gate();
}));
// src/policy/wait-timer.ts
/** The wait timer of GitHub's environment, as the job has it: not before this time. */
function judgeWaitTimer({ request, at }) {
	const flag = request.flags["not-before"];
	if (flag === void 0) return openGate("wait-timer", "no_timer", "There is no wait timer");
	if (request.isRollback || request.isHealing) return openGate("wait-timer", "accepted_before", "It goes back to what was accepted here");
	const until = Date.parse(String(flag));
	if (Number.isNaN(until)) return closedGate("wait-timer", "wait_timer", "The job names a time to wait for that nobody can read", "Ask for the deployment again.");
	const words = new Date(until).toISOString();
	if (at >= until) return openGate("wait-timer", "over", `The wait timer ended at ${words}`);
	return closedGate("wait-timer", "wait_timer", `The wait timer of the environment on GitHub runs until ${words}`, "It goes on by itself then.", until);
}
var init_wait_timer = __esmMin((() => {
	init_gate();
}));
// src/policy/windows/spans.ts
/** The same times as sorted stretches that neither overlap nor touch. */
function mergeSpans(spans) {
	const merged = [];
	for (const span of spans.toSorted((a, b) => a.start - b.start)) {
		const last = merged.at(-1);
		if (last === void 0 || span.start > last.end) merged.push(span);
		else if (span.end > last.end) merged[merged.length - 1] = {
			start: last.start,
			end: span.end
		};
	}
	return merged;
}
/** What is left of `spans` without `holes`; both merged, and so is the answer. */
function subtractSpans(spans, holes) {
	const left = [];
	let next = 0;
	for (const { start, end } of spans) {
		let from = start;
		while (next < holes.length && holes[next].end <= from) next++;
		for (let at = next; at < holes.length && holes[at].start < end; at++) {
			if (holes[at].start > from) left.push({
				start: from,
				end: holes[at].start
			});
			from = holes[at].end;
		}
		if (from < end) left.push({
			start: from,
			end
		});
	}
	return left;
}
/** The parts between two instants. */
function clipSpans(spans, from, to) {
	return spans.map(({ start, end }) => ({
		start: Math.max(start, from),
		end: Math.min(end, to)
	})).filter(({ start, end }) => start < end);
}
var init_spans = __esmMin((() => {}));
// src/policy/windows/window-spans.ts
/** When a window covers the time between two instants; merged, not cut at `from` and `to`. */
function spansOfWindow(window, from, to) {
	const { cron, times } = scheduleOf(window.schedule);
	const { duration, timezone } = window;
	const inDay = mergeSpans(times.map((start) => ({
		start,
		end: start + duration
	})));
	const spans = [];
	const last = Math.floor(to / dayMs$1) + 2;
	for (let day = Math.floor((from - duration) / dayMs$1) - 2; day <= last; day++) {
		if (!isDayOf(cron, day)) continue;
		const offset = offsetAround(timezone, day);
		if (offset === null) spans.push(...spansByClock(times, duration, timezone, day));
		else {
			const midnight = day * dayMs$1 - offset;
			for (const { start, end } of inDay) spans.push({
				start: midnight + start,
				end: midnight + end
			});
		}
	}
	return mergeSpans(spans).filter(({ start, end }) => start < to && end > from);
}
/** On a day near a change of the clocks, every start is looked up by itself. */
function spansByClock(times, duration, timezone, day) {
	return times.map((time) => {
		const start = instantOf(timezone, day * dayMs$1 + time);
		return {
			start,
			end: start + duration
		};
	});
}
/** The offset from UTC all through a local day and a day around it; `null` where it changes. */
function offsetAround(timezone, day) {
	const offset = offsetAt(timezone, (day - 1) * dayMs$1);
	return [
		day,
		day + 1,
		day + 2
	].every((one) => offsetAt(timezone, one * dayMs$1) === offset) ? offset : null;
}
/** Whether a day of the calendar (days since 1970) is one of a schedule's. */
function isDayOf(cron, day) {
	const date = /* @__PURE__ */ new Date(day * dayMs$1);
	if (!cron.months.includes(date.getUTCMonth() + 1)) return false;
	const isDay = cron.days.includes(date.getUTCDate());
	const isWeekday = cron.weekdays.includes(date.getUTCDay());
	return cron.either ? isDay || isWeekday : isDay && isWeekday;
}
/** A configuration that was accepted holds only lines that can be read. */
function scheduleOf(line) {
	const known = schedules.get(line);
	if (known) return known;
	const read = parseCron(line);
	if (!read.ok) throw new RangeError(`not a cron line: ${line}`);
	const { hours, minutes } = read.cron;
	const times = hours.flatMap((hour) => minutes.map((minute) => (hour * 60 + minute) * minuteMs));
	if (schedules.size >= maxSchedules) schedules.clear();
	schedules.set(line, {
		cron: read.cron,
		times
	});
	return {
		cron: read.cron,
		times
	};
}
var dayMs$1, minuteMs, schedules, maxSchedules;
var init_window_spans = __esmMin((() => {
	init_cron();
	init_timezone();
	init_spans();
	dayMs$1 = 864e5;
	minuteMs = 6e4;
	schedules = /* @__PURE__ */ new Map();
	maxSchedules = 256;
}));
// src/policy/windows/windows-at.ts
/**
* Whether changes may come at an instant. A window covers `[start, end)`; a denying one wins;
* where any window allows, all other time is closed.
*/
function windowsAt(windows, at) {
	const open = isOpenAt(windows, at);
	const change = windows.length === 0 ? null : nextChange(windows, at, open);
	const deciding = decidingWindows(windows, at);
	return {
		open,
		reason: reasonOf(windows, deciding, open),
		opensAt: open ? null : change,
		closesAt: open ? change : null,
		manual: !open && deciding.every(({ manual }) => manual),
		timezone: deciding[0]?.timezone ?? windows[0]?.timezone ?? null
	};
}
function isOpenAt(windows, at) {
	return openSpans(windows, at, at + 1).length > 0;
}
/** When it is no longer as it is now. */
function nextChange(windows, at, isOpen) {
	let from = at;
	for (const days of stepsAhead) {
		const to = from + days * dayMs;
		const [first] = openSpans(windows, from, to);
		if (!isOpen && first) return first.start;
		if (isOpen && first?.start !== from) return from;
		if (isOpen && first && first.end < to) return first.end;
		from = to;
	}
	return null;
}
/** The open times between two instants. */
function openSpans(windows, from, to) {
	const spansOf = (kind) => mergeSpans(windows.filter((one) => one.kind === kind).flatMap((one) => spansOfWindow(one, from, to)));
	return clipSpans(subtractSpans(windows.some(({ kind }) => kind === "allow") ? spansOf("allow") : [{
		start: from,
		end: to
	}], spansOf("deny")), from, to);
}
/** Those that keep it closed: denying ones that cover it, and where none allows, all that could. */
function decidingWindows(windows, at) {
	const denying = windows.filter((one) => one.kind === "deny" && covers(one, at));
	const allows = windows.filter(({ kind }) => kind === "allow");
	const allowing = allows.filter((one) => covers(one, at));
	if (denying.length > 0) return [...denying, ...allowing.length > 0 ? [] : allows];
	return allowing.length > 0 ? allowing : allows;
}
function covers(window, at) {
	return spansOfWindow(window, at, at + 1).length > 0;
}
function reasonOf(windows, deciding, open) {
	if (windows.length === 0) return "always";
	if (open) return "in_window";
	return deciding.some(({ kind }) => kind === "deny") ? "denied" : "outside_windows";
}
var dayMs, stepsAhead;
var init_windows_at = __esmMin((() => {
	init_spans();
	init_window_spans();
	dayMs = 864e5;
	stepsAhead = [
		8,
		32,
		128,
		512,
		1147
	];
}));
// src/policy/windows.ts
/** Changes come within the policy's windows; one with `manual` lets people through. */
function judgeWindows({ policy, environment, request, at }) {
	const { name } = environment;
	if (policy.windows.length === 0) return openGate("windows", "always", `${name} has no windows`);
	if (request.isRollback) return openGate("windows", "rollback", "A rollback waits for no window");
	const answer = windowsAt(policy.windows, at);
	if (answer.open) return openGate("windows", "in_window", openInWords(name, answer));
	if (answer.manual && !request.auto) return openGate("windows", "manual", `${name} is closed now, but lets people through`);
	const decision = closedGate("windows", "window_closed", `${closedInWords(name, answer)}${untilInWords(answer.opensAt, answer)}`, hintOf(name, answer), answer.opensAt ?? void 0);
	return answer.timezone === null ? decision : {
		...decision,
		timezone: answer.timezone
	};
}
function openInWords(name, answer) {
	return `${name} is open${untilInWords(answer.closesAt, answer)}`;
}
function closedInWords(name, { reason }) {
	return reason === "denied" ? `A window denies changes to ${name} now` : `${name} is outside of its windows`;
}
function untilInWords(at, { timezone }) {
	return at === null ? "" : ` until ${isoIn(timezone ?? "UTC", at)}`;
}
function hintOf(name, { opensAt, manual }) {
	if (manual) return `People may come through now; type: /deploy ${name}`;
	return opensAt === null ? `No opening is near; change environments.${name}.windows on the default branch.` : "It goes on by itself when the window opens.";
}
var init_windows = __esmMin((() => {
	init_timezone();
	init_gate();
	init_windows_at();
}));
// src/policy/judge-gates.ts
/**
* Every gate that an agent judges, in a fixed order. What changes no target meets none.
* `breaking` stays open until there is a plan: judge again with it.
*/
function judgeGates(facts) {
	return changesTargets(facts.request.operation) ? gates.map((judge) => judge(facts)) : [];
}
/** The gates that can be judged as early as the command. The agent judges them again at its turn. */
function judgeEarly(facts) {
	return judgeGates(facts).filter(({ name }) => early.includes(name));
}
/** The reason code of a record that says why nothing goes on; `none` of an open gate. */
function reasonOfGate({ open, reason }) {
	if (open) return "none";
	return isReason(reason) ? reason : "gate_closed";
}
/**
* Whether a closed gate ends what asks: a quarantined commit, and what comes by itself to an
* environment that takes only what people say. Every other one opens some day, by itself or by
* people, and is waited for.
*/
function isRefusal({ open, reason }) {
	return !open && (reason === "quarantined" || reason === "sync_manual");
}
var gates, early;
var init_judge_gates = __esmMin((() => {
	init_job();
	init_reason();
	init_approvals();
	init_breaking();
	init_external();
	init_freezes();
	init_from();
	init_held();
	init_lock$1();
	init_pause();
	init_pull_hold();
	init_quarantine();
	init_sync();
	init_wait_timer();
	init_windows();
	gates = [
		judgeSync,
		judgeLock,
		judgePause,
		judgePullHold,
		judgeHeld,
		judgeQuarantine,
		judgeFrom,
		judgeBreaking,
		judgeApprovals,
		judgeWaitTimer,
		judgeWindows,
		judgeFreezes,
		judgeExternal
	];
	early = [
		"lock",
		"quarantine",
		"from"
	];
}));
// src/report/gate-warnings.ts
/**
* What people should know of a job although no gate kept it out, in sentences: open gates that were
* open for a reason that is no good one.
*/
function gateWarnings(gates) {
	return gates.flatMap(({ name, open, reason }) => {
		const words = open ? warnings[`${name} ${reason}`] : void 0;
		return words === void 0 ? [] : [words];
	});
}
var warnings;
var init_gate_warnings = __esmMin((() => {
	warnings = {
		"outdated outdated": "The base branch has commits that this pull request lacks.",
		"github github_unread": "The App may not read the rules of GitHub's environment, so they do not hold here (`actions: read`)."
	};
}));
// src/report/steps.ts
/** The last `most` steps as a list, each with its time since the start. */
function stepList(steps, start, most) {
	const shown = most === 0 ? [] : steps.slice(-most);
	const left = steps.length - shown.length;
	const lines = shown.map((step) => `- ${timeOf(step, start)}: ${plainText(wordsOf(step))}`);
	return [...left === 0 ? [] : [`- … ${left} earlier`], ...lines].join("\n");
}
/** All steps as lines of a log, with the time of day in UTC. */
function stepLines(steps) {
	return steps.map((step) => `${new Date(step.at).toISOString().slice(0, 19)}Z ${wordsOf(step)}`);
}
function timeOf({ at }, start) {
	return `\`${durationInWords(at - start)}\``;
}
function wordsOf({ what, words }) {
	const text = withoutTricks(words || what).replace(/\s+/gu, " ").trim();
	return text.length <= maxWords ? text : `${text.slice(0, 199)}…`;
}
var maxWords;
var init_steps = __esmMin((() => {
	init_escape();
	init_words$1();
	maxWords = 200;
}));
// src/report/plan-words.ts
/** `3 changes: 1 added, 2 removed; 1 is breaking`, of as many as are given. */
function countsInWords(changes) {
	const counts = actions.flatMap((action) => {
		const count = changes.filter((change) => change.action === action).length;
		return count === 0 ? [] : [`${count} ${done$1[action]}`];
	});
	const breaking = changes.filter((change) => change.breaking).length;
	const all = `${changes.length} ${changes.length === 1 ? "change" : "changes"}`;
	const broken = breaking === 0 ? "" : `; ${breaking} ${breaking === 1 ? "is" : "are"} breaking`;
	return `${all}${counts.length === 0 ? "" : `: ${counts.join(", ")}`}${broken}`;
}
/** `Layer/new (was Layer/old) in layers/new.yaml, breaking: removed`, in one line. */
function changeInWords({ resource, path, from, breaking, why }) {
	return oneLine(`${resource}${from === void 0 ? "" : ` (was ${from})`}${path === null || resource.endsWith(`/${path}`) ? "" : ` in ${path}`}${breaking ? `, breaking${why === void 0 ? "" : `: ${why}`}` : ""}`);
}
/** Nothing in it ends the line, or hides. */
function oneLine(text) {
	return withoutTricks(text.replace(/\s+/gu, " ")).trim();
}
function groupsOf({ targets }) {
	const groups = /* @__PURE__ */ new Map();
	for (const { host, ...plan } of targets) {
		const key = canonicalJson(plan);
		const hosts = [...groups.get(key)?.hosts ?? [], ...host === null ? [] : [host]];
		groups.set(key, {
			...plan,
			hosts
		});
	}
	const isBreaking = ({ changes }) => changes.some(({ breaking }) => breaking);
	const all = [...groups.values()];
	return [...all.filter(isBreaking), ...all.filter((group) => !isBreaking(group))];
}
/** The digits of a plan's digest that people type to approve it. */
function shortPlan(digest) {
	return digest.replace(/^sha256:/, "").slice(0, 8);
}
/** Every change counts once for each host. */
function allChanges({ targets }) {
	return targets.flatMap(({ changes }) => changes);
}
var changeMarks, done$1, actions;
var init_plan_words = __esmMin((() => {
	init_digest();
	init_escape();
	changeMarks = {
		add: "+",
		modify: "~",
		remove: "-",
		rename: "→"
	};
	done$1 = {
		add: "added",
		modify: "modified",
		remove: "removed",
		rename: "renamed"
	};
	actions = [
		"add",
		"modify",
		"remove",
		"rename"
	];
}));
// src/report/plan-markdown.ts
/**
* A plan as a folded part of a comment, or as the body of a check run. Where `limit` (bytes) is too
* short for every change, it shows fewer and says how many it left out.
*/
function planMarkdown(plan, limit = maxBody$1) {
	if (allChanges(plan).length === 0) return emptyPlan(plan);
	const groups = groupsOf(plan);
	for (const lines of linesToTry) {
		const body = folded(plan, groupParts(groups, lines));
		if (Buffer.byteLength(body) <= limit) return body;
	}
	return folded(plan, ["Too long to be shown here."]);
}
function folded(plan, parts) {
	return [
		`<details><summary>Plan${plan.digest === null ? "" : ` <code>${shortPlan(plan.digest)}</code>`}: ${plainText(`${countsInWords(allChanges(plan))}, risk ${plan.risk}`)}</summary>`,
		...parts,
		"</details>"
	].join("\n\n");
}
function emptyPlan({ targets, commit }) {
	const sha = codeSpan(shortSha(commit));
	if (targets.length === 0) return `No target was compared with ${sha}.`;
	const unmanaged = targets.flatMap((target) => target.unmanaged);
	return `Nothing to change: it is as ${sha} declares.${unmanaged.length === 0 ? "" : ` ${listed$1("Not in Git, stays", unmanaged)}`}`;
}
function groupParts(groups, lines) {
	let left = lines;
	return groups.flatMap((group) => {
		const shown = group.changes.slice(0, left);
		left -= shown.length;
		return groupPart(group, shown);
	});
}
function groupPart(group, shown) {
	const { name, kind, hosts, changes, reasons, unmanaged } = group;
	const on = hosts.length === 0 ? "" : ` on ${firstOf(hosts.map(codeSpan), hosts.length)}`;
	const more = changes.slice(shown.length);
	return [
		`**${codeSpan(name)}** (${plainText(kind)})${on}${changes.length === 0 ? ": nothing to change" : ""}`,
		...shown.length === 0 ? [] : [codeBlock(shown.flatMap(changeLines), "diff")],
		...more.length === 0 ? [] : [`… not shown: ${countsInWords(more)}.`],
		...reasons.length === 0 ? [] : [listed$1("Look twice", reasons)],
		...unmanaged.length === 0 ? [] : [listed$1("Not in Git, stays", unmanaged)]
	];
}
function changeLines(change) {
	const { action, fields } = change;
	const line = cut(`${action === "rename" ? `! ${changeMarks.rename}` : diffMarks[action]} ${changeInWords(change)}`);
	return fields.length === 0 ? [line] : [line, cut(`      ${firstOf(fields.map(oneLine), fields.length)}`)];
}
function listed$1(title, items) {
	return `${title}: ${firstOf(items.slice(0, maxListed).map((item) => codeSpan(cut(item))), items.length)}`;
}
/** `a, b … and 12 more` */
function firstOf(items, count) {
	const shown = items.slice(0, maxListed);
	const more = count - shown.length;
	return `${shown.join(", ")}${more === 0 ? "" : ` … and ${more} more`}`;
}
function cut(line) {
	return line.length <= maxLine ? line : `${line.slice(0, 199)}…`;
}
var maxBody$1, linesToTry, maxLine, maxListed, diffMarks;
var init_plan_markdown = __esmMin((() => {
	init_escape();
	init_plan_words();
	init_words$1();
	maxBody$1 = 65535;
	linesToTry = [
		1e5,
		2e3,
		1e3,
		500,
		200,
		100,
		50,
		20,
		5,
		0
	];
	maxLine = 200;
	maxListed = 20;
	diffMarks = {
		...changeMarks,
		modify: "!",
		rename: "!"
	};
}));
// src/report/deployment-markdown.ts
/**
* The one answer to a command, written anew whenever the deployment moves; laid out as `template`
* says, where there is one.
*/
function deploymentComment(comment, template) {
	if (template) return fromTemplate(comment, template);
	const { view } = comment;
	const parts = [
		marker(view.deployment),
		headingOf(view),
		...aboutOf(comment)
	];
	const end = [nextPart(comment), footer(view, comment.repositoryUrl)];
	const taken = Buffer.byteLength([...parts, ...end].join("\n\n"));
	const plan = planParts(comment, maxComment$1 - taken - spare);
	return fitComment([
		...parts,
		...plan,
		...end
	].join("\n\n"));
}
function fromTemplate(comment, template) {
	const { view, repositoryUrl } = comment;
	const { job, deployment, state } = view;
	const inline = {
		state,
		operation: operationInWords(job.operation),
		environment: inlineValue(job.environment),
		commit: shortSha(job.sha),
		ref: inlineValue(job.ref),
		actor: inlineValue(job.actor.login),
		deployment: String(deployment),
		link: linkOfAnswer(view, repositoryUrl)
	};
	const about = aboutOf(comment).join("\n\n");
	const block = {
		headline: headingOf(view),
		about,
		plan: "",
		next: nextPart(comment),
		footer: footer(view, repositoryUrl)
	};
	const begin = `${marker(deployment)}\n\n`;
	const without = begin + fillTemplate(template, {
		inline,
		block
	});
	const times = template.match(/\{\{\s*plan\s*\}\}/gu)?.length ?? 0;
	const room = maxComment$1 - Buffer.byteLength(without) - spare;
	const plan = times === 0 ? "" : planParts(comment, Math.floor(room / times)).join("\n\n");
	return fitComment(begin + fillTemplate(template, {
		inline,
		block: {
			...block,
			plan
		}
	}));
}
function headingOf(view) {
	const { operation, environment } = view.job;
	return `### ${marks[view.state]} ${operationInWords(operation)} ${codeSpan(environment)}: ${headline(view)}`;
}
/** One line for a check run's title: `deploy to production: completed after 12 s`. */
function headlineOf(view) {
	const { operation, environment } = view.job;
	return `${operationInWords(operation)} ${environment}: ${headline(view).replaceAll("**", "")}`;
}
/** What a check run says of a deployment, without its plan. */
function detailsOf(comment) {
	const { view, repositoryUrl } = comment;
	return [
		...aboutOf(comment),
		nextPart(comment),
		footer(view, repositoryUrl)
	];
}
/** Where the deployment is spoken of: the comment that answers its command, or GitHub's page of its environment. */
function linkOfAnswer({ job }, repositoryUrl) {
	const { reply, environment } = job;
	return reply ? `${repositoryUrl}/issues/${reply.issue}#issuecomment-${reply.comment}` : `${repositoryUrl}/deployments/${encodeURIComponent(environment)}`;
}
function aboutOf(comment) {
	const { view, repositoryUrl, note, behind, hosts = [], waits = [], approval = null } = comment;
	const { staged = [], steps = [] } = comment;
	return [
		whose(view, repositoryUrl),
		...gateWarnings(view.job.gates).map((warning) => `⚠️ ${warning}`),
		...behind === null ? [] : [`It waits behind deployment ${behind.deployment} of ${codeSpan(behind.ref)} by ${codeSpan(behind.by)}.`],
		...waits.map(({ message, hint }) => prose([message, ...hint ? [hint] : []].join(". "))),
		...approval === null ? [] : [approvalWords(approval)],
		...staged.length === 0 ? [] : [stagedWords(staged, view)],
		...view.units.length === 0 ? [] : unitParts(view, hosts),
		...steps.length === 0 ? [] : [stepList(steps, issuedAt(view), shownSteps)],
		...note === null ? [] : [codeBlock(note.split("\n"))]
	];
}
function nextPart({ view, approval = null, staged = [] }) {
	const digest = approval?.digest ?? null;
	return `Next: ${nextWords(view, {
		plan: digest === null ? null : shortPlan(digest),
		staged
	}).map((one) => `\`${one}\``).join(" · ")}`;
}
/** Hidden in every answer; by it people and programs find the deployment again. */
function marker(deployment) {
	return `<!-- sallyport deployment=${deployment} -->`;
}
function headline(view) {
	const reason = view.reason === view.state ? "" : reasonInWords(view.reason);
	const isInstant = isStateOperation(view.job.operation);
	const took = view.endedAt === null || isInstant ? "" : ` after ${durationInWords(view.endedAt - issuedAt(view))}`;
	return `**${view.state}**${reason ? `, ${reason}` : ""}${took}`;
}
function whose({ job }, repositoryUrl) {
	const by = `asked for by ${codeSpan(job.actor.login)}`;
	const { reason, until } = job.params;
	const why = reason === void 0 ? "" : `: ${prose(reason)}`;
	const end = until === void 0 ? "" : ` It ends by itself at ${codeSpan(until)}.`;
	if (isStateOperation(job.operation)) return `It was ${by}${why}.${end}`;
	return `${commitLink(repositoryUrl, job.sha)} from ${codeSpan(job.ref)}, ${by}${why}.`;
}
function approvalWords({ digest, given, needed, voidCount }) {
	const plan = digest === null ? "the plan" : `plan ${codeSpan(shortPlan(digest))}`;
	return `${given}${needed === null ? "" : ` of ${needed}`} ${(needed ?? given) === 1 ? "person has" : "people have"} approved ${plan}.${voidCount === 0 ? "" : ` ${voidCount === 1 ? "An approval is" : `${voidCount} approvals are`} void: the plan has changed since.`}`;
}
function stagedWords(staged, { job }) {
	return `${staged.map(codeSpan).join(", ")} ${staged.length === 1 ? "is healthy in its idle slot" : "are healthy in their idle slots"}; the traffic has not moved. To move it, type \`/${switchWords(job.environment, staged)}\`.`;
}
function planParts(comment, limit) {
	const { plan = null, planNotes = [], hasCheck = false, view, repositoryUrl } = comment;
	const notes = planNotes.length === 0 ? [] : [notesPart(planNotes)];
	if (plan === null) return notes;
	const left = limit - Buffer.byteLength(notes.join(""));
	const whole = planMarkdown(plan);
	if (Buffer.byteLength(whole) <= left) return [whole, ...notes];
	const checks = `${repositoryUrl}/commit/${view.job.sha}/checks`;
	const more = hasCheck ? [`More of the plan stands in the [check run of the commit](${checks}).`] : [];
	return [
		planMarkdown(plan, left - Buffer.byteLength(more.join(""))),
		...more,
		...notes
	];
}
function notesPart(notes) {
	return [
		"<details><summary>What hosts said of their plans</summary>",
		codeBlock(notes.flatMap((note) => note.split("\n"))),
		"</details>"
	].join("\n\n");
}
/** With batches, what people look for first is where each host stands. */
function unitParts(view, hosts) {
	if (hosts.length === 0) return [unitTable(view)];
	const details = [
		"<details><summary>Targets</summary>",
		unitTable(view),
		"</details>"
	];
	return [hostTable(hosts), details.join("\n\n")];
}
function hostTable(hosts) {
	return [
		"| host | batch | state | waits for |",
		"|---|---|---|---|",
		...hosts.map(({ host, batch, state, waits }) => `| ${codeSpan(host)} | ${batch} | ${state} | ${waits === null ? "" : prose(waits)} |`)
	].join("\n");
}
function unitTable(view) {
	return [
		"| host | target | state | why | since the start |",
		"|---|---|---|---|---|",
		...view.units.map((unit) => unitRow(unit, view))
	].join("\n");
}
function unitRow(unit, view) {
	const since = unit.state === "waiting" ? "" : durationInWords(unit.at - issuedAt(view));
	const why = reasonInWords(unit.reason);
	return `| ${unit.host === null ? "" : codeSpan(unit.host)} | ${codeSpan(unit.target)} | ${unit.state} | ${why} | ${since} |`;
}
function footer({ deployment, job }, repositoryUrl) {
	return `<sub>[Deployment ${deployment}](${`${repositoryUrl}/deployments/${encodeURIComponent(job.environment)}`}) · policy ${commitLink(repositoryUrl, job.policy)}</sub>`;
}
function commitLink(repositoryUrl, sha) {
	return `[\`${shortSha(sha)}\`](${repositoryUrl}/commit/${sha})`;
}
function issuedAt({ job }) {
	return Date.parse(job.issued);
}
var shownSteps, spare;
var init_deployment_markdown = __esmMin((() => {
	init_job();
	init_escape();
	init_gate_warnings();
	init_steps();
	init_plan_markdown();
	init_plan_words();
	init_template();
	init_words$1();
	shownSteps = 12;
	spare = 100;
}));
// src/app/behind-whom.ts
/** The deployment right before this one in the line of its environment; `null` where it is at its turn. */
function behindWhom({ deployment }, { running, queue }) {
	const line = running ? [running, ...queue] : [];
	const before = line[line.findIndex((one) => one.deployment === deployment) - 1];
	if (!before) return null;
	const { ref, actor } = before.job;
	return {
		deployment: before.deployment,
		ref,
		by: actor.login
	};
}
var init_behind_whom = __esmMin((() => {}));
// src/deploy/find-completed.ts
/**
* The completed deployment that a rollback goes back to: the commit before the last good one; the last
* good one itself after a failure that left things half-way, or after a deployment of one target
* alone; or what `to` names of all that completed here.
*/
function findCompleted(name, view, to, hints) {
	const changing = (view?.deployments ?? []).filter(({ job }) => changesTargets(job.operation));
	const completed = changing.filter(isGood);
	if (to !== null) return findAmong(to, name, completed, hints);
	const goal = leavesLastGood(changing.findLast((one) => !isOnlyStaged(one))) ? view?.lastGood : view?.previousGood;
	if (goal) return goal;
	throw new SallyportError({
		code: "nothing_to_roll_back_to",
		message: completed.length === 0 ? `No deployment to ${name} has completed yet` : `Only one commit has completed on ${name}, so there is none before it`,
		hint: hints.nothing,
		exit: exitCodes.notFound
	});
}
/** What was changed last with success, be it one target alone. */
function newestCompleted({ deployments }) {
	return deployments.findLast(hasChanged);
}
/**
* Whether the commit has proved itself there, for an environment that comes after (`require.from`): its
* newest deployment that came to an end completed, and nobody went back from it since.
*/
function hasProved({ deployments, facts }, sha) {
	const newest = deployments.findLast((view) => view.job.sha === sha && changesTargets(view.job.operation) && (isGood(view) || view.state === "rolled-back" || view.state === "failed"));
	const isLeft = facts.quarantined.some((each) => each.sha === sha);
	return newest?.state === "completed" && !isLeft;
}
/** Whether something else than the last good commit may be there, at least in part. */
function leavesLastGood(newest) {
	if (!newest) return false;
	return newest.state === "failed" || newest.state === "completed" && !isGood(newest);
}
/** What `to` names of these: a deployment's number, the first digits of a commit, or a branch or tag. */
function findAmong(to, name, completed, hints) {
	const wanted = to.replace(/^[@#]/, "");
	const byNumber = completed.find(({ deployment }) => String(deployment) === wanted);
	if (byNumber) return byNumber;
	const fits = completed.filter((view) => isNamedBy(to, view));
	const commits = new Set(fits.map(({ job }) => job.sha));
	const newest = fits.at(-1);
	if (newest && commits.size === 1) return newest;
	const known = [...new Set(completed.map(({ job }) => job.sha.slice(0, 7)))].slice(-5).join(", ");
	throw new SallyportError({
		code: commits.size > 1 ? "commit_ambiguous" : "not_completed_here",
		message: commits.size > 1 ? `${wanted} stands for several commits that completed on ${name}` : `${wanted} has not completed on ${name}; what has: ${known || "nothing yet"}`,
		hint: hints.other,
		exit: exitCodes.notFound
	});
}
/** Whether the text is the number of a deployment, or names its commit. */
function isNamedBy(to, { deployment, job }) {
	const wanted = to.replace(/^[@#]/, "");
	const isCommit = wanted.length >= 4 && job.sha.startsWith(wanted);
	const isRef = job.operation === "deploy" && job.ref === wanted;
	return isCommit || isRef || String(deployment) === wanted;
}
var init_find_completed = __esmMin((() => {
	init_errors$3();
	init_job();
	init_completed();
}));
// src/app/gate-facts.ts
/** What keeps the request out now, as far as the ledger tells. The agent judges it again. */
function judgeRequest(environment, request, policy, reading) {
	const facts = factsFor(environment, request, policy, reading);
	return facts ? judgeEarly(facts) : [];
}
/** What keeps a deployment waiting now; empty where nothing does, or its environment has left the policy. */
function judgeWaiting(view, policy, reading) {
	const { operation, sha, flags, authors, actor, environment } = view.job;
	const facts = factsFor(environment, {
		operation,
		sha,
		auto: flags["auto"] === true,
		isRollback: goesBack(view.job),
		isStaged: operation === "switch" && !goesBack(view.job),
		flags,
		authors,
		actor: actor.login,
		person: actor.id
	}, policy, reading);
	if (!facts) return [];
	const { approvals, voidCount } = approvalsOf(view);
	return judgeGates({
		...facts,
		approvals,
		voidApprovals: voidCount
	}).filter(({ open }) => !open);
}
/** Every gate for a workflow's own deployment: a person's, of whose plan nothing is known. */
function judgeRun(environment, { sha, actor }, approvals, policy, reading) {
	const facts = factsFor(environment, {
		operation: "deploy",
		auto: false,
		isRollback: false,
		flags: {},
		sha,
		authors: [actor],
		actor
	}, policy, reading);
	return facts ? judgeGates({
		...facts,
		approvals
	}) : [];
}
function factsFor(name, request, { config }, { environments, now }) {
	const policy = config.environments[name];
	if (!policy) return null;
	const { from } = policy.require;
	return {
		at: now,
		policy,
		environment: environments.get(name)?.facts ?? nothingHolds(name),
		request,
		plan: null,
		approvals: [],
		voidApprovals: 0,
		completedBefore: from === void 0 ? null : hasCompletedIn(from, request.sha, environments),
		external: {},
		host: null
	};
}
function hasCompletedIn(name, sha, environments) {
	const view = environments.get(name);
	return view !== void 0 && hasProved(view, sha);
}
function nothingHolds(name) {
	return {
		name,
		lock: null,
		pause: null,
		heldByPull: null,
		held: [],
		quarantined: []
	};
}
var init_gate_facts = __esmMin((() => {
	init_approvals$1();
	init_find_completed();
	init_job();
	init_judge_gates();
}));
// src/app/label-pulls.ts
/** What runs in the environment is labelled; what ran there before no longer is. */
function labellingOf({ name, deployments, lastGood }) {
	if (!lastGood) return null;
	const asked = deployments.filter(({ job }) => changesTargets(job.operation));
	const add = asked.findLast(({ job }) => job.operation === "deploy" && job.sha === lastGood.job.sha && job.reply !== null)?.job.reply?.issue ?? null;
	const before = asked.filter((view) => view.state === "completed" && view.deployment < lastGood.deployment).slice(-maxBefore).flatMap(({ job }) => job.reply?.issue ?? []);
	const remove = [...new Set(before)].filter((issue) => issue !== add);
	return {
		label: `deployed: ${name}`.slice(0, maxLabel),
		add,
		remove
	};
}
/** Sets the labels of an environment, where the default branch wants any. Never rejects. */
async function labelPulls(environment, world) {
	const { github, followUps, log } = world;
	const { labels } = followUps.surfaces;
	const labelling = labellingOf(environment);
	const text = JSON.stringify(labelling);
	if (!labelling || labels.get(environment.name) === text) return;
	if (!(await styleOf(world)).labels) return;
	const { label, add, remove } = labelling;
	labels.set(environment.name, text);
	try {
		if (add !== null && await isPull(add, world)) await github.addLabel(add, label);
		for (const issue of remove) await github.removeLabel(issue, label);
	} catch (error) {
		labels.delete(environment.name);
		const { code, message } = asSallyportError(error);
		log.warn("labels could not be set", {
			environment: environment.name,
			code,
			message
		});
	}
}
/** A command may be typed in an issue too, which no commit belongs to. */
async function isPull(issue, { github }) {
	try {
		await github.pull(issue);
		return true;
	} catch (error) {
		if (asSallyportError(error).code === "github_not_found") return false;
		throw error;
	}
}
var maxLabel, maxBefore;
var init_label_pulls = __esmMin((() => {
	init_errors$3();
	init_job();
	init_comment_style();
	maxLabel = 50;
	maxBefore = 2;
}));
// src/app/notes.ts
/** What hosts said of these units' plans, each once. */
function planNotes({ deployment, job }, units, { log }) {
	return units.map((unit) => {
		return log.records.findLast(({ record, ...entry }) => entry.deployment === deployment && record.kind === "unit" && record.plan !== null && record.target === unit.targetIndex && (record.host === null ? null : job.roster[record.host]?.name) === unit.host)?.words ?? "";
	}).filter((note) => note !== "");
}
var init_notes = __esmMin((() => {}));
// src/notify/place.ts
/** What every note says of its deployment. */
function aboutDeployment({ deployment, job }, { repository, linkOf }) {
	return {
		schema: 1,
		repository,
		environment: job.environment,
		deployment,
		operation: job.operation,
		commit: job.sha,
		ref: job.ref,
		actor: job.actor.login,
		step: null,
		message: "",
		targets: job.targets.map(({ name }) => name),
		hosts: job.roster.map(({ name }) => name),
		link: linkOf(job)
	};
}
/** The same for the same thing, whoever tells of it: an App, another App, the same one after a restart. */
function noteId({ repository }, { deployment, job }, what) {
	return `${job.repository === 0 ? repository.name : `${job.repository}`}:${job.environment}:${deployment}:${what}`;
}
var init_place = __esmMin((() => {}));
// src/notify/host-notes.ts
/** Hosts on which something else is than what was deployed, by drift or by people's hands. */
function hostNotes({ hosts, deployments }, place) {
	return [...hosts].flatMap(([host, { deployment, state, reason: why, at, number }]) => {
		const [reason, message] = (why === "fell_back" ? fellBack : apart[state]) ?? [];
		const view = deployments.find((one) => one.deployment === deployment);
		if (reason === void 0 || message === void 0 || !view) return [];
		return [{
			...aboutDeployment(view, place),
			id: noteId(place, view, `out-of-sync:${host}:${number}`),
			event: "out-of-sync",
			state,
			reason,
			message,
			hosts: [host],
			targets: view.job.targets.filter(({ hosts: on }) => on.length === 0 || on.includes(host)).map(({ name }) => name),
			at
		}];
	});
}
var fellBack, apart;
var init_host_notes = __esmMin((() => {
	init_place();
	fellBack = ["fell_back", "The live slot died, and traffic fell back to the release before it"];
	apart = {
		drifted: ["drifted", "What is there is not what was deployed"],
		held: ["operator", "People acted on the host itself; rollouts pass it over until it is released"]
	};
}));
// src/notify/failed-step.ts
/** Where a deployment failed, as far as its records tell; `null` where it ended before any step. */
function failedStep(reason, units) {
	const before = units.find((one) => one.reason === reason && isTrouble(one))?.path.findLast((state) => stepsByState[state] !== void 0);
	return stepsByReason[reason] ?? (before ? stepsByState[before] : null);
}
function isTrouble({ state }) {
	return state === "failed" || state === "rolled-back";
}
var stepsByReason, stepsByState;
var init_failed_step = __esmMin((() => {
	stepsByReason = {
		fetch_failed: "fetch",
		layout_failed: "layout",
		build_failed: "build",
		test_failed: "test",
		start_failed: "start",
		unhealthy: "probe",
		wrong_version: "probe",
		smoke_failed: "smoke",
		plan_failed: "plan",
		backup_failed: "backup",
		no_backup: "rollback",
		switch_failed: "switch",
		verify_failed: "verify",
		rollback_failed: "rollback",
		apply_failed: "apply",
		reload_failed: "reload"
	};
	stepsByState = {
		planning: "plan",
		"backing-up": "backup",
		applying: "apply",
		verifying: "verify",
		"rolling-back": "rollback"
	};
}));
// src/notify/notes-of.ts
/**
* All that has come to be true of a deployment and that people may be told of, each under its own
* id. Of what was told before nobody is told again: that is the outbox' matter.
*/
function notesOf(view, said, place) {
	if (!view.bound || !changesTargets(view.job.operation)) return [];
	const base = {
		...aboutDeployment(view, place),
		state: view.state,
		reason: view.reason
	};
	const note = (event, at, which = "") => ({
		...base,
		id: noteId(place, view, `${event}${which}`),
		event,
		at
	});
	const notes = [];
	if (view.units.some(hasBegun)) notes.push({
		...note("started", lastOf(view)),
		reason: "none"
	});
	const asked = view.state === "awaiting-approval" ? approvalsOf(view).digest : null;
	if (asked !== null) notes.push(note("awaiting-approval", lastOf(view), `:${asked}`));
	const end = endEvents[view.state];
	if (!view.over || end === void 0) return notes;
	const ended = note(end, view.endedAt ?? lastOf(view));
	const step = end === "completed" ? null : failedStep(view.reason, view.units);
	return [...notes, {
		...ended,
		step,
		message: (said ?? stagedIn$1(view)).slice(0, 1e3)
	}];
}
/** What to type where it waits for a person who moves the traffic; '' elsewhere. */
function stagedIn$1({ job, units }) {
	return [...new Set(units.filter(({ reason }) => reason === "staged").map((one) => one.target))].map((target) => `/switch ${job.environment} ${target}`).join(", ");
}
function lastOf({ at, units }) {
	return Math.max(at, ...units.map((unit) => unit.at));
}
var endEvents;
var init_notes_of = __esmMin((() => {
	init_approvals$1();
	init_fold_deployment();
	init_job();
	init_failed_step();
	init_place();
	endEvents = {
		completed: "completed",
		failed: "failed",
		"rolled-back": "rolled-back"
	};
}));
// src/app/notify.ts
/** Tells whoever is to be told of what a deployment came to, once. Never rejects: nothing waits for that. */
async function tellOf({ view, environment }, reading, world) {
	const place = placeOf(world.repository);
	const notes = [...notesOf(view, endNote(view, reading), place), ...hostNotes(environment, place)];
	for (const note of notes) await world.tell(note);
}
/** Where notes of a repository lead to. */
function placeOf({ owner, name, url }) {
	return {
		repository: {
			name: `${owner}/${name}`,
			url
		},
		linkOf: ({ reply }) => reply ? `${url}/issues/${reply.issue}#issuecomment-${reply.comment}` : `${url}/deployments`
	};
}
var init_notify = __esmMin((() => {
	init_end_note();
	init_host_notes();
	init_notes_of();
}));
// src/model/plan.ts
/** Whether a plan that came from elsewhere is what its digest says: nothing in it was changed. */
function isWhole(plan) {
	return plan.digest === digestOfPlan(plan) && plan.risk === riskOf(plan);
}
function digestOfPlan({ changes, reasons, wanted }) {
	return digestOf(canonicalJson({
		changes,
		reasons,
		wanted
	}));
}
function riskOf({ changes, reasons }) {
	if (changes.length === 0) return "none";
	return reasons.length > 0 ? "high" : "low";
}
var init_plan$2 = __esmMin((() => {
	init_digest();
}));
// src/report/plan-check.ts
/** Begins the name of every check run that shows a plan of this environment. */
function planCheckPrefix(environment) {
	return `sallyport/plan (${environment}, `;
}
/** The plan in the text of a check run; `null` where there is none, or its digest is not its own. */
function readPlanCheck(text) {
	const start = text.indexOf(opening);
	const end = text.indexOf(closing$1, start + opening.length);
	if (start === -1 || end === -1 || text.length > maxText) return null;
	const read = Plan.safeParse(parseJson$1(text.slice(start + opening.length, end)));
	return read.success && isWhole(read.data) ? read.data : null;
}
function parseJson$1(text) {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
var maxText, opening, closing$1, DigestText, Text, Change, Plan;
var init_plan_check = __esmMin((() => {
	init_zod();
	init_plan$2();
	maxText = 65535;
	opening = "````json\n";
	closing$1 = "\n````";
	DigestText = custom((text) => typeof text === "string" && /^sha256:[0-9a-f]{64}$/.test(text));
	Text = string().max(4096);
	Change = strictObject({
		action: _enum([
			"add",
			"modify",
			"remove",
			"rename"
		]),
		resource: Text,
		path: Text.exactOptional(),
		from: Text.exactOptional(),
		fields: array(Text).exactOptional(),
		breaking: boolean(),
		why: Text.exactOptional()
	}).readonly();
	Plan = strictObject({
		name: string().max(63),
		kind: string().max(32),
		host: string().max(63).nullable(),
		digest: DigestText,
		wanted: DigestText.nullable(),
		changes: array(Change),
		risk: _enum([
			"none",
			"low",
			"high"
		]),
		reasons: array(Text),
		unmanaged: array(Text)
	});
}));
// src/report/plan-json.ts
/** The document of `sallyport plan --json` (DESIGN.md §5); scripts rely on its shape. */
function planJson({ environment, commit, digest, targets }) {
	const shown = targets.map(targetJson);
	const breaking = shown.flatMap(({ changes }) => changes.filter((change) => change.breaking));
	return {
		schema: 1,
		ok: true,
		environment,
		commit,
		digest,
		risk: worst(shown.map(({ risk }) => risk)),
		breaking: breaking.length,
		targets: shown
	};
}
function worst(found) {
	return risks.find((risk) => found.includes(risk)) ?? "none";
}
function targetJson(plan) {
	const { name, kind, host, risk, reasons, unmanaged } = plan;
	return {
		name,
		kind,
		host,
		risk,
		reasons,
		changes: plan.changes.map(changeJson),
		unmanaged
	};
}
function changeJson({ action, resource, path, fields, breaking, from, why }) {
	return {
		action,
		resource,
		path: path ?? null,
		fields: fields ?? [],
		breaking,
		...from === void 0 ? {} : { from },
		...why === void 0 ? {} : { why }
	};
}
var risks;
var init_plan_json = __esmMin((() => {
	risks = [
		"high",
		"low",
		"none"
	];
}));
// src/app/plans.ts
/**
* The plans that hosts left in check runs of the commit. Only what matches the digest that the host
* signed is believed: anybody may write a check run. What was read once is kept.
*/
async function plansOf(view, world) {
	const planned = view.units.filter(({ plan }) => plan !== null);
	if ((view.job.operation === "plan" || view.state === "awaiting-approval") && planned.some((unit) => !knownOf(unit, world))) await readPlans(view, world);
	const known = planned.flatMap((unit) => knownOf(unit, world) ?? []);
	const { environment, sha } = view.job;
	return {
		plan: known.length === 0 ? null : planJson({
			environment,
			commit: sha,
			digest: planDigestOf(view.units),
			targets: known
		}),
		unread: planned.filter((unit) => !knownOf(unit, world))
	};
}
function knownOf({ plan, target, host }, { followUps }) {
	return plan === null ? void 0 : followUps.planOf(keyOf(plan, target, host));
}
async function readPlans({ job }, world) {
	const { github, followUps, log } = world;
	try {
		for (const text of await github.checkTexts(job.sha, planCheckPrefix(job.environment))) {
			const plan = readPlanCheck(text);
			if (plan) followUps.keepPlan(keyOf(shortDigest(plan.digest), plan.name, plan.host), plan);
		}
	} catch (error) {
		const { code, message } = asSallyportError(error);
		log.warn("plans could not be read", {
			environment: job.environment,
			code,
			message
		});
	}
}
function keyOf(digest, target, host) {
	return JSON.stringify([
		digest,
		target,
		host
	]);
}
var init_plans = __esmMin((() => {
	init_approvals$1();
	init_record_codec();
	init_errors$3();
	init_plan_check();
	init_plan_json();
}));
// src/report/deployment-check.ts
/** Whether a check run shows a deployment: it says nothing of the commit itself. */
function isDeploymentCheck(name) {
	return name.startsWith(checkPrefix);
}
/** The check run of a deployment; `notice` is what somebody who pressed a button was told, as Markdown. */
function deploymentCheck(comment, actions, notice) {
	const { view, repositoryUrl, plan = null, steps = [] } = comment;
	const { deployment, job } = view;
	const [status, conclusion] = standOf(view.state, changesTargets(job.operation));
	const log = codeBlock(lastLines(stepLines(steps), maxLog));
	const logPart = steps.length === 0 ? [] : ["### Log", log];
	const room = maxBody - Buffer.byteLength(logPart.join("\n\n")) - 100;
	const planPart = plan === null ? [] : ["### Plan", planMarkdown(plan, room)];
	const said = notice === null ? [] : [notice];
	return {
		name: `${checkPrefix}${job.environment}${changesTargets(job.operation) ? "" : " (plan)"}`,
		sha: job.sha,
		externalId: String(deployment),
		detailsUrl: linkOfAnswer(view, repositoryUrl),
		status,
		conclusion,
		startedAt: job.issued,
		title: headlineOf(view),
		summary: fitText([...said, ...detailsOf(comment)].join("\n\n"), maxBody),
		text: fitText([...planPart, ...logPart].join("\n\n"), maxBody),
		actions
	};
}
/** What GitHub is shown of each state; people have to act where it awaits approval. */
function standOf(state, changes) {
	switch (state) {
		case "pending": return ["queued", null];
		case "awaiting-approval": return ["completed", "action_required"];
		case "completed": return ["completed", changes ? "success" : "neutral"];
		case "failed":
		case "rolled-back": return ["completed", "failure"];
		case "rejected":
		case "cancelled": return ["completed", "cancelled"];
		case "superseded":
		case "skipped": return ["completed", "neutral"];
		default: return ["in_progress", null];
	}
}
/** As many of the last lines as fit, and how many there were before them. */
function lastLines(lines, limit) {
	let left = limit;
	const from = lines.findLastIndex((line) => (left -= Buffer.byteLength(line) + 1) < 0) + 1;
	return from === 0 ? lines : [`… ${from} earlier lines are left out`, ...lines.slice(from)];
}
var checkPrefix, maxBody, maxLog;
var init_deployment_check = __esmMin((() => {
	init_job();
	init_deployment_markdown();
	init_escape();
	init_plan_markdown();
	init_steps();
	checkPrefix = "sallyport / ";
	maxBody = 65535;
	maxLog = 2e4;
}));
// src/app/show-check.ts
/** Whether check runs can be written, as far as is known. */
function hasChecks({ followUps, clock }) {
	return followUps.surfaces.refusedUntil <= clock.now();
}
/**
* Brings the check run of a deployment up to date. It is for people, as comments are: where it
* cannot be written that stands in the log, and everything else goes on.
*/
async function showCheck(found, comment, world) {
	const { deployment, job } = found.view;
	const { surfaces } = world.followUps;
	if (isStateOperation(job.operation) || !hasChecks(world)) return;
	const notice = surfaces.notices.get(deployment) ?? null;
	const check = deploymentCheck(comment, checkActions(found), notice);
	const text = JSON.stringify(check);
	if (surfaces.shown.get(deployment) === text) return;
	try {
		await write(deployment, check, world);
		surfaces.shown.set(deployment, text);
	} catch (error) {
		const { code, message, hint } = asSallyportError(error);
		if (code === "github_refused") surfaces.refusedUntil = world.clock.now() + restMs;
		surfaces.checks.delete(deployment);
		world.log.warn("a check run could not be written", {
			deployment,
			code,
			message,
			hint
		});
	}
}
async function write(deployment, check, { github, followUps }) {
	const { checks } = followUps.surfaces;
	const own = checks.get(deployment);
	const known = own ?? await github.findCheck(check);
	const isCompleted = check.conclusion !== null;
	if (known && (isCompleted || !known.isCompleted)) try {
		await github.updateCheck(known.id, check);
		checks.set(deployment, {
			id: known.id,
			isCompleted
		});
		return;
	} catch (error) {
		if (own || asSallyportError(error).code !== "github_refused") throw error;
	}
	checks.set(deployment, {
		id: await github.createCheck(check),
		isCompleted
	});
}
var restMs;
var init_show_check = __esmMin((() => {
	init_errors$3();
	init_job();
	init_deployment_check();
	init_check_actions();
	restMs = 6e5;
}));
// src/app/steps-of.ts
/** What hosts and people said of a deployment, oldest first. */
function stepsOf({ deployment, job }, { log }) {
	return log.records.filter((entry) => entry.deployment === deployment).flatMap((entry) => {
		const what = whatOf(entry, job.targets);
		return what === null ? [] : [{
			at: entry.at,
			what,
			words: entry.words ?? ""
		}];
	});
}
function whatOf({ record, signer }, targets) {
	if (record.kind === "act") return record.state === "bound" ? null : record.state;
	if (record.kind !== "unit") return null;
	return `${signer.kind === "host" ? `${signer.host} ` : ""}${record.state}: ${targets[record.target]?.name ?? ""}`;
}
var init_steps_of = __esmMin((() => {}));
// src/app/show-deployment.ts
/**
* Reads the ledger and brings the answer to the deployment's command up to date, then does what
* else is to be done for it. Nothing where the deployment is not ours, or lost its place.
*/
async function showDeployment(deployment, world, andThen = () => Promise.resolve()) {
	await world.followUps.run(deployment, async () => {
		const reading = await world.reader.refresh();
		const found = findDeployment(deployment, reading);
		if (!found) return;
		const told = tellOf(found, reading, world);
		await show(found, reading, world);
		await andThen(found);
		await told;
	});
}
async function show(found, reading, world) {
	const { view, environment } = found;
	const comment = await commentOf(found, reading, world);
	await writeAnswer(view, comment, world);
	await Promise.all([showCheck(found, comment, world), view.over ? labelPulls(environment, world) : null]);
}
async function writeAnswer({ job: { reply } }, comment, world) {
	if (!reply) return;
	const { deployment: template } = await styleOf(world);
	const body = deploymentComment(comment, template);
	if (world.followUps.isNews(reply.comment, body)) await world.github.edit(reply.comment, body);
}
async function commentOf({ view, environment }, reading, world) {
	const [{ plan, unread }, policy] = await Promise.all([plansOf(view, world), policyFor(view, world)]);
	return {
		view,
		repositoryUrl: world.repository.url,
		note: endNote(view, reading),
		behind: behindWhom(view, environment),
		hosts: picturesOf(view, reading.now),
		waits: waitsOf(view, policy, reading),
		approval: approvalOf(view, policy),
		staged: environment.staged.find((one) => one.view.deployment === view.deployment)?.targets ?? [],
		plan,
		planNotes: planNotes(view, unread, reading),
		steps: stepsOf(view, reading),
		hasCheck: hasChecks(world)
	};
}
/** The policy, where it is of use: it says for what, or for whom, a deployment waits. */
async function policyFor(view, { github, repository }) {
	if (!(!view.over && !silent.has(view.reason))) return null;
	return readPolicy(github, repository.defaultBranch).catch(() => null);
}
/** The gate that hosts named, with what the ledger tells of it now. */
function waitsOf(view, policy, reading) {
	if (!policy || view.state === "awaiting-approval") return [];
	return judgeWaiting(view, policy, reading).filter((gate) => gate.name !== "external" && reasonOfGate(gate) === view.reason);
}
function approvalOf(view, policy) {
	if (view.state !== "awaiting-approval") return null;
	const { digest, approvals, voidCount } = approvalsOf(view);
	const rules = policy?.config.environments[view.job.environment];
	const needed = rules ? approvalsNeeded(view, rules) : null;
	return {
		digest,
		given: approvals.length,
		needed,
		voidCount
	};
}
var silent;
var init_show_deployment = __esmMin((() => {
	init_approvals$1();
	init_end_note();
	init_host_pictures();
	init_judge_gates();
	init_deployment_markdown();
	init_approvals_needed();
	init_comment_style();
	init_behind_whom();
	init_configuration();
	init_find_deployment();
	init_gate_facts();
	init_label_pulls();
	init_notes();
	init_notify();
	init_plans();
	init_show_check();
	init_steps_of();
	silent = /* @__PURE__ */ new Set([
		"none",
		"queued",
		"not_my_turn"
	]);
}));
// src/app/commands/approve.ts
/** `/approve [env] [digest]`: of the plan that was shown before it was typed, or of the one it names. */
async function approve(request, world) {
	const { command, event } = request;
	if (!event.isByPerson) throw noPerson(event.author.login);
	const policy = begun(readPolicy(world.github, world.repository.defaultBranch));
	const reading = begun(world.reader.refresh());
	await requireMay(request, world);
	const typed = command.params["digest"] ?? null;
	const { environments } = await reading;
	const { issue } = event;
	const view = findWaiting({
		command: "approve",
		digest: typed,
		issue,
		deployment: request.deployment,
		environment: command.environment
	}, environments);
	const plan = planMeant(view, typed, event.at);
	const rules = rulesOf$1(view.job.environment, await policy, "approve");
	await requireMayHere(request, view.job.environment, await policy, world);
	refuseWhereClosed(await judgeApproverOf(event.author, rules, view.job, world.github));
	const { id: person, login } = event.author;
	const words = `approved by ${login}: plan ${digitsOf(plan).slice(0, 8)}`;
	const acts = actWorld(world, await reading);
	await writeAct({
		view,
		state: "approved",
		person,
		plan,
		words
	}, acts);
	const after = findDeployment(view.deployment, await world.reader.refresh())?.view ?? view;
	if (after.over) throw tooLate(after);
	const missing = approvalsNeeded(after, rules) - approvalsOf(after).approvals.length;
	await Promise.all([tellDone(request, {
		message: approvedInWords(after, plan, missing),
		next: null
	}, world), showDeployment(view.deployment, world)]);
}
function noPerson(login) {
	return new SallyportError({
		code: "people_only",
		message: `${login} is a bot, and only people approve`,
		hint: "Let a person type the command.",
		exit: exitCodes.refused
	});
}
/** The plan that the person saw. Rejects where it is not the one there is now. */
function planMeant(view, typed, at) {
	const { digest } = approvalsOf(view);
	const { deployment, job } = view;
	if (digest === null) throw new SallyportError({
		code: "not_planned",
		message: `Deployment ${deployment} is not planned on every host yet`,
		hint: "Approve it when its comment shows the plan.",
		exit: exitCodes.refused
	});
	const digits = digitsOf(digest);
	const hint = `Look at the plan as it is now, then type: /approve ${job.environment} ${digits.slice(0, 8)}`;
	if (typed !== null) {
		if (digits.startsWith(typed)) return digest;
		const message = `The plan of deployment ${deployment} is ${digits.slice(0, 8)} now, not ${typed.slice(0, 8)}`;
		throw new SallyportError({
			code: "plan_changed",
			message,
			hint,
			exit: exitCodes.refused
		});
	}
	if (view.units.every((unit) => unit.plan === null || unit.at < at)) return digest;
	const message = `Deployment ${deployment} was planned again after this was typed, or in the same second`;
	throw new SallyportError({
		code: "plan_is_newer",
		message,
		hint,
		exit: exitCodes.refused
	});
}
function approvedInWords({ deployment, job }, plan, missing) {
	const what = `Plan \`${digitsOf(plan).slice(0, 8)}\` of deployment ${deployment} to \`${job.environment}\` is approved`;
	if (missing <= 0) return `${what}; it goes on when its hosts look next.`;
	return `${what}; ${missing} more ${missing === 1 ? "person has" : "people have"} to approve it.`;
}
var init_approve = __esmMin((() => {
	init_act();
	init_approvals$1();
	init_errors$3();
	init_act_world();
	init_approvals_needed();
	init_begun();
	init_configuration();
	init_find_deployment();
	init_find_waiting();
	init_too_late();
	init_judge_approver();
	init_person();
	init_refuse();
	init_show_deployment();
}));
// src/app/end-by-person.ts
/**
* Ends a deployment with a person's word, and shows it with the reason. Gives it as it stands then: what
* began or ended meanwhile is not ended by that word.
*/
async function endByPerson({ view, state, by, reason }, reading, world) {
	const words = `${state} by ${by.login}${reason === null ? "" : `: ${reason}`}`;
	await writeAct({
		view,
		state,
		person: by.id,
		plan: null,
		words
	}, actWorld(world, reading));
	await showDeployment(view.deployment, world);
	return findDeployment(view.deployment, await world.reader.refresh())?.view ?? view;
}
var init_end_by_person = __esmMin((() => {
	init_act();
	init_act_world();
	init_find_deployment();
	init_show_deployment();
}));
// src/app/commands/cancel.ts
/**
* `/cancel <env>`: ends what has not begun there, and stops what has at its next safe point. Where
* something was asked for in this pull request or issue, only that; else everything.
*/
async function cancel(request, world) {
	const { command, event } = request;
	const policy = begun(readPolicy(world.github, world.repository.defaultBranch));
	const reading = begun(world.reader.refresh());
	await requireMay(request, world);
	const { environment, params } = command;
	await requireMayHere(request, environment, await policy, world);
	const { environments } = await reading;
	const views = cancellable(environment, environments.get(environment), request);
	const reason = params["reason"] ?? null;
	const waiting = views.filter(mayBeStopped);
	const underWay = views.filter((view) => !mayBeStopped(view));
	const after = [];
	for (const view of [...waiting, ...underWay]) {
		const ending = {
			view,
			state: "cancelled",
			by: event.author,
			reason
		};
		after.push(await endByPerson(ending, await reading, world));
	}
	const ended = after.filter(({ state }) => state === "cancelled");
	const stopping = after.filter(({ stopping: word }) => word !== null);
	const [late] = after.filter((view) => !ended.includes(view) && !stopping.includes(view));
	if (late && ended.length + stopping.length === 0) throw tooLate(late);
	await tellDone(request, {
		message: [...ended.length > 0 ? [`Cancelled on \`${environment}\`, before anything was changed: ${numbersOf(ended)}.`] : [], ...stopping.length > 0 ? [stoppingInWords(stopping, environment)] : []].join(" "),
		next: null
	}, world);
}
function cancellable(name, environment, { event, deployment }) {
	const { running = null, queue = [], plans = [] } = environment ?? {};
	const views = [
		...running ? [running] : [],
		...queue,
		...plans
	].filter(({ stopping }) => stopping === null);
	const own = views.filter(({ job }) => job.reply?.issue === event.issue);
	const ownFirst = own.length > 0 ? own : views;
	const meant = deployment === void 0 ? ownFirst : views.filter((view) => view.deployment === deployment);
	if (meant.length > 0) return meant;
	const stopping = running?.stopping ?? null;
	throw new SallyportError({
		code: stopping ? "stops_already" : "nothing_to_cancel",
		message: stopping ? `Deployment ${running?.deployment} to ${name} stops already: ${stopping.words}` : `Nothing waits or runs on ${name}`,
		hint: `/status ${name}`,
		exit: stopping ? exitCodes.refused : exitCodes.notFound
	});
}
function stoppingInWords(views, environment) {
	return `Deployment ${numbersOf(views)} to \`${environment}\` has begun: its host stops before the next step where that is safe and goes back; once the new version is switched to, it is too late. Its own comment says where it stopped.`;
}
function numbersOf(views) {
	return views.map(({ deployment }) => deployment).join(", ");
}
var init_cancel = __esmMin((() => {
	init_fold_deployment();
	init_errors$3();
	init_begun();
	init_configuration();
	init_end_by_person();
	init_person();
	init_too_late();
}));
// src/policy/refs.ts
/**
* The policy's `require.refs`. Each entry speaks of branches and of tags, but for `pull`.
* Without it: the default branch, every tag, and in a pull request its own head.
*/
function admittedRefs(refs, defaultBranch) {
	if (!refs) return {
		branches: [defaultBranch],
		tags: ["**"],
		pull: true
	};
	const names = refs.filter((ref) => ref !== "pull");
	return {
		branches: names,
		tags: names,
		pull: refs.includes("pull")
	};
}
/** Whether the commit is on a ref that the environment admits. That it exists proves nothing. */
function judgeReachable({ environment, sha, foundOn, admitted }) {
	if (foundOn) return openGate("refs", "reachable", `Commit ${sha.slice(0, 7)} is on ${foundOn}`);
	return closedGate("refs", "not_reachable", `Commit ${sha.slice(0, 7)} is on nothing that ${environment} admits (${inWords$3(admitted)})`, "Merge or tag the commit first, or add its branch to `require.refs` of the environment.");
}
/** A pushed ref is where its commit is: only its name is to be admitted. */
function judgePushedRef(facts, ref) {
	const { branches, tags } = facts.admitted;
	const isAdmitted = matchesAnyRef(ref.kind === "branch" ? branches : tags, ref.name);
	return judgeReachable({
		...facts,
		foundOn: isAdmitted ? `${ref.kind} ${ref.name}` : null
	});
}
function inWords$3({ branches, tags, pull }) {
	return [...[.../* @__PURE__ */ new Set([...branches, ...tags.map((tag) => tag === "**" ? "any tag" : tag)])], ...pull ? ["pull requests of this repository"] : []].join(", ");
}
var init_refs$1 = __esmMin((() => {
	init_gate();
	init_ref_pattern();
}));
// src/policy/head-fixed.ts
/**
* A command means the head that its writer could see. GitHub's times have whole
* seconds, so a push within the same second may have come later: unsafe.
* Dates of commits are never asked: whoever made the commit chose them.
*/
function judgeHeadFixed(facts) {
	const exact = `Look at the commit, then type: /deploy ${facts.environment} @${facts.head}`;
	if (!facts.push) return closedGate("head", "push_time_unknown", "GitHub does not tell when the branch was last pushed to", exact);
	if (facts.push.after !== facts.head) return closedGate("head", "head_moving", "The branch is being pushed to right now", exact);
	if (wholeSecond(facts.push.at) >= wholeSecond(facts.commentedAt)) return closedGate("head", "pushed_after_comment", `The branch was pushed to after the command was written (now at ${facts.head.slice(0, 7)})`, exact);
	return openGate("head", "fixed", "Nothing was pushed after the command was written");
}
function wholeSecond(at) {
	return Math.floor(at / 1e3);
}
var init_head_fixed = __esmMin((() => {
	init_gate();
}));
// src/app/fix-commit.ts
/** The full SHA that a command means (DESIGN.md §6.3). Rejects where nothing has that name. */
async function fixCommit(wanted, github) {
	if (wanted.sha !== null) return fixSha(wanted.sha, wanted, github);
	if (wanted.ref !== null) return fixRef(await readRef(wanted.ref, github), wanted, github);
	if (wanted.pull !== null) return fixPull(await github.pull(wanted.pull), wanted, github);
	return fixRef(await github.ref("branch", wanted.defaultBranch) ?? missing(wanted.defaultBranch), wanted, github);
}
function fixPull(pull, wanted, github) {
	const { sha, branch, repository } = pull.head;
	const provenance = repository === pull.base.repository ? judgeBranch(branch, sha, wanted, github) : Promise.resolve({
		gates: [],
		authors: []
	});
	return {
		sha,
		ref: branch,
		place: {
			kind: "pull",
			number: pull.number
		},
		pull,
		provenance: begun(provenance.then(({ gates, authors }) => ({
			gates,
			authors: unique([pull.author, ...authors])
		})))
	};
}
function fixRef({ kind, name, sha }, wanted, github) {
	const provenance = kind === "tag" ? Promise.resolve({
		gates: [],
		authors: []
	}) : begun(judgeBranch(name, sha, wanted, github));
	return {
		sha,
		ref: name,
		place: {
			kind,
			name
		},
		pull: null,
		provenance
	};
}
/** A SHA was chosen by whoever typed it: nothing can have moved since. */
async function fixSha(prefix, wanted, github) {
	const [sha, pull] = await Promise.all([github.commit(prefix), wanted.pull === null ? null : github.pull(wanted.pull)]);
	if (sha === null) throw new SallyportError({
		code: "commit_not_found",
		message: `There is no commit ${prefix}, or more than one begins so`,
		hint: `Give all 40 digits: /deploy ${wanted.environment} @SHA`,
		exit: exitCodes.notFound
	});
	const provenance = begun((pull ? authorsOf(pull, github) : Promise.resolve([])).then((all) => ({
		gates: [],
		authors: all
	})));
	return {
		sha,
		ref: sha.slice(0, 7),
		place: null,
		pull,
		provenance
	};
}
/** Whoever names a commit of a pull request makes nobody less of its author. */
async function authorsOf({ author, head, base }, github) {
	return unique([author, ...pushersOf(head.repository === base.repository ? await github.pushes(head.branch) : [])]);
}
function pushersOf(pushes) {
	return pushes.map(({ login }) => login).filter((login) => login !== null);
}
/** Whether the branch's head is the one that the writer of the command could see, and who pushed. */
async function judgeBranch(branch, sha, wanted, github) {
	const pushes = await github.pushes(branch);
	return {
		gates: [judgeHeadFixed({
			environment: wanted.environment,
			head: sha,
			push: pushes[0] ?? null,
			commentedAt: wanted.at
		})],
		authors: unique(pushersOf(pushes))
	};
}
async function readRef(name, github) {
	const [branch, tag] = await Promise.all([github.ref("branch", name), github.ref("tag", name)]);
	if (branch && tag && branch.sha !== tag.sha) throw new SallyportError({
		code: "ref_ambiguous",
		message: `${name} is both a branch (${branch.sha.slice(0, 7)}) and a tag (${tag.sha.slice(0, 7)})`,
		hint: "Name the commit itself: @SHA"
	});
	return tag ?? branch ?? missing(name);
}
function missing(name) {
	throw new SallyportError({
		code: "ref_not_found",
		message: `There is no branch or tag ${name}`,
		hint: "Push it first, or name a commit: @SHA",
		exit: exitCodes.notFound
	});
}
/** At most as many as a job may name. */
function unique(logins) {
	return [...new Set(logins)].slice(0, 99);
}
var init_fix_commit = __esmMin((() => {
	init_errors$3();
	init_head_fixed();
	init_begun();
}));
// src/app/commit-goal.ts
/** The commit that a `/deploy` or a `/plan` names, fixed. */
async function findCommit({ command, event }, { github, repository }) {
	const { environment, ref, sha } = command;
	const { defaultBranch } = repository;
	return fixCommit({
		environment,
		ref,
		sha,
		pull: event.isPull ? event.issue : null,
		defaultBranch,
		at: event.at
	}, github);
}
/** Whether it is where the environment admits commits from. */
async function judgePlace(commit, environment, { config }, { github, repository }) {
	const refs = config.environments[environment]?.require.refs;
	const admitted = admittedRefs(refs, repository.defaultBranch);
	const place = await findPlace(commit, admitted, github);
	const foundOn = place && placeInWords(place);
	return judgeReachable({
		environment,
		sha: commit.sha,
		foundOn,
		admitted
	});
}
var init_commit_goal = __esmMin((() => {
	init_refs$1();
	init_find_place();
	init_fix_commit();
}));
// src/policy/check-state.ts
/**
* Of several by one name in one suite, as re-runs leave them, only the newest. The same name in
* another suite is another check: one workflow's success does not answer for another's failure.
*/
function newestOf(found) {
	const newest = /* @__PURE__ */ new Map();
	for (const check of found) {
		const key = JSON.stringify([
			check.kind,
			check.app,
			check.suite,
			check.name
		]);
		const known = newest.get(key);
		if (!known || isNewer(check, known)) newest.set(key, check);
	}
	return [...newest.values()];
}
/** GitHub's own rule: neutral and skipped satisfy. What it may come to say later does not. */
function stateOf$1({ kind, status, conclusion }) {
	if (kind === "status") return status === "success" ? "succeeded" : status === "pending" ? "pending" : "failed";
	if (status !== "completed") return "pending";
	return conclusion !== null && satisfying.has(conclusion) ? "succeeded" : "failed";
}
/** One that has not started yet has been asked for last. */
function isNewer(one, other) {
	const [start, otherStart] = [one.startedAt ?? Infinity, other.startedAt ?? Infinity];
	return start === otherStart ? one.id > other.id : start > otherStart;
}
var satisfying;
var init_check_state = __esmMin((() => {
	satisfying = /* @__PURE__ */ new Set([
		"success",
		"neutral",
		"skipped"
	]);
}));
// src/policy/checks.ts
/** Checks of the commit have succeeded. What is missing, unread or unclear keeps it closed. */
function judgeChecks({ wanted, required, found, total }) {
	if (wanted === "none") return openGate("checks", "not_required", "No check is required");
	if (found === null || wanted === "required" && required === null) return closedGate("checks", "checks_unknown", "GitHub did not tell of the checks", again);
	if (found.length < total) return closedGate("checks", "checks_unknown", `Only ${found.length} of ${total} checks of the commit could be read`, again);
	const newest = newestOf(found);
	const names = namesOf$1(wanted, required ?? [], newest);
	if (names.length === 0) return wanted === "all" ? closedGate("checks", "checks_missing", "No check has run on the commit", again) : openGate("checks", "not_required", "The default branch requires no check");
	const states = names.map((check) => ({
		name: check.name,
		state: stateOfCheck(check, newest)
	}));
	const inState = (state) => states.filter((one) => one.state === state).map(({ name }) => name);
	for (const [state, reason, words, hint] of closing) {
		const which = inState(state);
		if (which.length > 0) return closedGate("checks", reason, `${words}: ${listed(which)}`, hint);
	}
	return openGate("checks", "checks_succeeded", `Succeeded: ${listed(inState("succeeded"))}`);
}
function namesOf$1(wanted, required, newest) {
	if (wanted === "required") return required;
	const names = wanted === "all" ? newest.map(({ name }) => name) : wanted;
	return [...new Set(names)].map((name) => ({
		name,
		app: null
	}));
}
/** A name that several apps or suites, or a check run and a status, share: all of them count. */
function stateOfCheck({ name, app }, newest) {
	const states = newest.filter((check) => check.name === name && (app === null || check.app === app)).map(stateOf$1);
	if (states.length === 0) return "missing";
	return states.find((state) => state === "failed") ?? states.find((state) => state === "pending") ?? "succeeded";
}
function listed(names) {
	const unique = [...new Set(names)];
	return unique.length <= 5 ? unique.join(", ") : `${unique.slice(0, 5).join(", ")} and ${unique.length - 5} more`;
}
var again, closing;
var init_checks$2 = __esmMin((() => {
	init_check_state();
	init_gate();
	again = "See the checks of the commit on GitHub, then type the command again.";
	closing = [
		[
			"failed",
			"checks_failed",
			"Failed",
			"Mend them, or run them again, then type the command again."
		],
		[
			"missing",
			"checks_missing",
			"Have not run on this commit",
			again
		],
		[
			"pending",
			"checks_pending",
			"Still running",
			"Type the command again when they are done."
		]
	];
}));
// src/app/judge-checks.ts
/** Asks GitHub for the checks of the commit, where the policy wants any, and judges them. */
async function judgeChecksOf(sha, { require }, { github, repository }) {
	const wanted = require.checks;
	if (wanted === "none") return judgeChecks({
		wanted,
		required: null,
		found: null,
		total: 0
	});
	const [required, { found, total }] = await Promise.all([wanted === "required" ? github.requiredChecks(repository.defaultBranch) : null, github.checksOf(sha)]);
	return judgeChecks({
		wanted,
		required,
		found,
		total
	});
}
var init_judge_checks = __esmMin((() => {
	init_checks$2();
}));
// src/app/pull-flags.ts
/** The open pull request whose commit this is; of one that is closed nothing would let go again. */
function pullOf$1({ place, pull }) {
	return pull?.isOpen === true && (place === null || place.kind === "pull") ? String(pull.number) : void 0;
}
/**
* The flag of a job that brings a pull request's commit: with it the environment is kept for the pull
* request. None where the commit is on the default branch already, or the policy keeps nothing.
*/
async function pullFlags(pull, sha, rules, { github, repository }) {
	if (pull === void 0 || !rules.pull_requests.hold) return {};
	const relation = await github.relation(repository.defaultBranch, sha);
	return relation === "behind" || relation === "identical" ? {} : { pull };
}
var init_pull_flags = __esmMin((() => {}));
// src/deploy/chain.ts
/**
* Links deployments, in order of their ids, into a chain. `before` is the digest of the job right
* before the oldest one; `null` where the chain is known from its start.
*/
function linkChain(views, before) {
	const standing = [];
	const unbound = [];
	const voided = [];
	const byId = /* @__PURE__ */ new Map();
	const byPrev = /* @__PURE__ */ new Map();
	const lostByDigest = /* @__PURE__ */ new Map();
	let gap = null;
	const stand = (view) => {
		standing.push(view);
		byId.set(view.job.id, view);
		if (!byPrev.has(view.job.prev)) byPrev.set(view.job.prev, view);
	};
	const lose = (view, why, stands) => {
		voided.push({
			deployment: view.deployment,
			view,
			why,
			stands
		});
		if (!lostByDigest.has(view.digest)) lostByDigest.set(view.digest, view);
	};
	for (const view of views) {
		const { deployment, job, digest } = view;
		const same = byId.get(job.id);
		const head = standing.at(-1)?.digest ?? before;
		if (same) lose(view, "duplicate", same.deployment);
		else if (!view.bound) unbound.push(view);
		else if (job.prev === null && job.flags["accept-gap"] === true) {
			gap = null;
			stand(view);
		} else if (gap) continue;
		else if (job.prev === head) stand(view);
		else {
			const rival = byPrev.get(job.prev) ?? (job.prev && lostByDigest.get(job.prev));
			if (rival) lose(view, "conflict", rival.deployment);
			else gap = {
				deployment,
				missing: job.prev ?? digest
			};
		}
	}
	return {
		standing,
		unbound,
		voided,
		gap
	};
}
/**
* The jobs that `before` follows, oldest first. A job was written on top of one that stood, so that
* whatever the chain leads back to stands too, though nobody read the records of it.
*/
function ancestorsOf(before, earlier) {
	const byDigest = new Map(earlier.map((job) => [job.digest, job]));
	const found = [];
	let job = before && byDigest.get(before);
	while (job) {
		found.push(job);
		byDigest.delete(job.digest);
		job = job.job.prev && byDigest.get(job.job.prev);
	}
	return found.reverse();
}
var acceptGap;
var init_chain = __esmMin((() => {
	acceptGap = "accept-gap";
}));
// src/deploy/fold-hosts.ts
/** What hosts said of themselves on these deployments: by host, whatever has the highest number. */
function foldHosts(deployments, recordsOf) {
	const hosts = /* @__PURE__ */ new Map();
	const hands = /* @__PURE__ */ new Map();
	for (const { deployment, job } of deployments) for (const { record, at } of recordsOf(deployment)) {
		if (record.kind !== "host") continue;
		const host = job.roster[record.host]?.name;
		if (host === void 0) continue;
		const { state, reason, number, plan } = record;
		const view = {
			deployment,
			state,
			reason,
			at,
			number,
			plan
		};
		keepNewest(hosts, host, view);
		if (state === "held" || state === "released") keepNewest(hands, host, view);
	}
	return {
		hosts,
		held: [...hands].filter(([, { state }]) => state === "held").map(([host, { at }]) => ({
			host,
			since: at
		}))
	};
}
/** What hosts told on these deployments of people who acted there. */
function foldHands(deployments, recordsOf) {
	return deployments.flatMap(({ deployment, job }) => recordsOf(deployment).flatMap(({ record, at }) => {
		if (record.kind !== "host" || record.state !== "held") return [];
		const host = job.roster[record.host]?.name;
		const target = job.targets[record.target ?? -1]?.name ?? null;
		return host === void 0 ? [] : [{
			host,
			target,
			at
		}];
	}));
}
function keepNewest(views, host, view) {
	const known = views.get(host);
	if (!known || view.number > known.number) views.set(host, view);
}
var init_fold_hosts = __esmMin((() => {}));
// src/deploy/fold-pull-hold.ts
/**
* The pull request that an environment runs and keeps: its newest completed deployment, or one of a
* target alone since, brought a commit of one that is on no other branch. Over when that was closed,
* however early, or when a person unlocked the environment since. `jobs` are all that stand.
*/
function foldPullHold(jobs) {
	const newest = keeperOf(jobs);
	const pull = newest?.job.flags["pull"];
	if (newest === void 0 || typeof pull !== "string") return null;
	const since = newest.endedAt ?? newest.at;
	const isOver = jobs.some(({ job, deployment, at }) => {
		if (job.operation !== "unlock" || deployment < newest.deployment) return false;
		const { pull: closed } = job.params;
		return closed === void 0 ? at >= since : closed === pull;
	});
	const { ref, actor } = newest.job;
	return isOver ? null : {
		pull: Number(pull),
		ref,
		by: actor.login,
		since
	};
}
/** What brought the pull request that runs there or is staged, if only with one target; `undefined` where none does. */
function keeperOf(jobs) {
	const completed = jobs.filter((view) => hasChanged(view) || isStaged(view));
	const whole = completed.findLastIndex(isGood);
	return completed.slice(Math.max(0, whole)).findLast(({ job }) => "pull" in job.flags);
}
var init_fold_pull_hold = __esmMin((() => {
	init_completed();
}));
// src/deploy/fold-quarantine.ts
/**
* Commits that went wrong here, or that people went back from, and that do not come again by
* themselves. `deployments` are those that stand, oldest first, of which the first only counts as
* what was live where it completed.
*/
function foldQuarantine(deployments) {
	const quarantined = /* @__PURE__ */ new Map();
	let live = null;
	for (const view of deployments) {
		const { job, deployment } = view;
		if (isLifting(view)) quarantined.delete(job.sha);
		const why = failureOf(view);
		if (why !== null) quarantined.set(job.sha, {
			sha: job.sha,
			deployment,
			why
		});
		if (!hasChanged(view)) continue;
		if (isWayBack(view) && live && live.job.sha !== job.sha) {
			const left = `${job.actor.login} went back from it to ${job.sha.slice(0, 7)}`;
			quarantined.set(live.job.sha, {
				sha: live.job.sha,
				deployment,
				why: left
			});
		}
		live = view;
	}
	return [...quarantined.values()];
}
/** A person lets the commit come again: the whole of it, of which one target says nothing. */
function isLifting(view) {
	const { job, state } = view;
	if (job.operation === "release-quarantine") return true;
	if (!isWhole$1(job)) return false;
	if (state === "completed" && isWayBack(view)) return true;
	const isAccepted = ![
		"rejected",
		"cancelled",
		"superseded",
		"skipped"
	].includes(state);
	return bringsCommit$1(view) && job.flags[forceQuarantined] === true && isAccepted;
}
/** Deploys a commit, or moves the traffic to one that was staged. */
function bringsCommit$1(view) {
	const { operation } = view.job;
	return operation === "deploy" || operation === "switch" && !isWayBack(view);
}
/** Why the commit is not to come again by itself; `null` where nothing was changed for it. */
function failureOf(view) {
	const { state, reason, over, units } = view;
	if (!(over && (state === "rolled-back" || state === "failed")) || !bringsCommit$1(view) || !units.some(hasBegun)) return null;
	return blameless.has(reason) ? null : `${state}: ${reason}`;
}
var forceQuarantined, blameless;
var init_fold_quarantine = __esmMin((() => {
	init_job();
	init_completed();
	init_fold_deployment();
	forceQuarantined = "force-quarantined";
	blameless = /* @__PURE__ */ new Set([
		"fetch_failed",
		"backup_failed",
		"disk_full",
		"expired",
		"cancelled"
	]);
}));
// src/deploy/fold-staged.ts
/**
* What is staged, oldest first; `deployments` are those that stand. A slot holds one release: whatever
* was begun for the target since took its place, and so did what people did on the host itself. A
* switch to it that failed left it where it was.
*/
function foldStaged(deployments, hands) {
	const waiting = /* @__PURE__ */ new Map();
	for (const view of deployments) {
		if (!changesTargets(view.job.operation)) continue;
		for (const target of reachedBy(view)) if (!isSwitchTo(waiting.get(target), view)) waiting.delete(target);
		if (!isStaged(view)) continue;
		const left = stagedUnits(view).filter((unit) => !hands.some((hand) => hasTaken(hand, unit)));
		for (const { target } of left) waiting.set(target, view);
	}
	return deployments.flatMap((view) => {
		const left = view.job.targets.map(({ name }) => name).filter((target) => waiting.get(target) === view);
		return left.length === 0 ? [] : [{
			view,
			targets: left
		}];
	});
}
/**
* Whether all targets of a staged deployment are at its commit once these were switched: the others
* were applied with it or switched since, and nothing else came there.
*/
function isWholeWith({ view, targets: waiting }, switched, deployments) {
	if (!isWhole$1(view.job)) return false;
	const place = deployments.findIndex(({ deployment }) => deployment === view.deployment);
	const since = deployments.slice(place + 1);
	return view.job.targets.every(({ name }) => {
		if (switched.includes(name)) return true;
		if (waiting.includes(name)) return false;
		const newest = since.findLast((later) => reachedBy(later).includes(name));
		if (newest === void 0) return !stagedIn(view).includes(name);
		return newest.state === "completed" && newest.job.sha === view.job.sha && !isStaged(newest);
	});
}
/** A switch to what waits moves it only when it is done. */
function isSwitchTo(staged, { job, state }) {
	return job.operation === "switch" && job.sha === staged?.job.sha && state !== "completed";
}
/** The targets for which something was begun; of a switch that is done, all: they may have been there already. */
function reachedBy({ job, state, units }) {
	const isSwitched = job.operation === "switch" && state === "completed";
	return units.filter((unit) => isSwitched || hasBegun(unit)).map(({ target }) => target);
}
function stagedIn(view) {
	return stagedUnits(view).map(({ target }) => target);
}
function stagedUnits({ units }) {
	return units.filter(({ reason }) => reason === "staged");
}
/** Nothing of GitHub begins on a host from when people act there until they give it back. */
function hasTaken({ host, target, at }, unit) {
	return unit.host === host && (target === null || unit.target === target) && unit.at <= at;
}
var init_fold_staged = __esmMin((() => {
	init_job();
	init_completed();
	init_fold_deployment();
}));
// src/deploy/fold-standing.ts
/** Of the jobs that stand, oldest first: the last word counts. */
function foldStanding(jobs) {
	let lock = null;
	let pause = null;
	for (const job of jobs) {
		const { operation } = job.job;
		if (operation === "lock") lock = standingOf(job);
		else if (operation === "unlock" && endsWith(lock, job.job.params["pull"])) lock = null;
		else if (operation === "pause") pause = standingOf(job);
		else if (operation === "resume") pause = null;
	}
	return {
		lock,
		pause
	};
}
/** A pull request that was closed ends only the lock that was to end with it; a person ends any. */
function endsWith(lock, closed) {
	return closed === void 0 || lock?.pull === Number(closed);
}
function standingOf({ job, at }) {
	const { reason = "", until, pull } = job.params;
	const end = until === void 0 ? NaN : Date.parse(until);
	return {
		by: job.actor.login,
		person: job.actor.id,
		reason,
		since: at,
		until: Number.isNaN(end) ? null : end,
		...pull === void 0 ? {} : { pull: Number(pull) }
	};
}
var init_fold_standing = __esmMin((() => {}));
// src/deploy/fold-environment.ts
/**
* Folds an environment from the jobs and records of it that are in the log. `earlier` are its jobs
* before the oldest of these, whose records were not read; none where the log begins at its start.
*/
function foldEnvironment(name, log, earlier = []) {
	const records = Map.groupBy(log.records, ({ deployment }) => deployment);
	const recordsOf = (deployment) => records.get(deployment) ?? [];
	const jobs = log.jobs.filter(({ job }) => job.environment === name);
	const before = earlier.length > 0 ? jobs[0]?.job.prev ?? null : null;
	const { standing, unbound, voided, gap } = linkChain(jobs.map((job) => foldDeployment(job, recordsOf(job.deployment))), before);
	const start = standing.findLastIndex(({ job }) => job.flags[acceptGap] === true);
	const since = standing.slice(Math.max(0, start));
	const open = since.filter(isChange).filter(({ over }) => !over);
	const good = standing.filter(isGood).reverse();
	const horizon = horizonOf(good);
	const recent = horizon ? since.slice(Math.max(0, since.indexOf(horizon))) : since;
	const { hosts, held } = foldHosts(recent, recordsOf);
	const hands = foldHands(since, recordsOf);
	const people = foldStanding(start < 0 ? [...ancestorsOf(before, earlier), ...since] : since);
	return {
		name,
		head: standing.at(-1)?.digest ?? before,
		gap,
		deployments: standing,
		unbound,
		voided,
		running: open[0] ?? null,
		queue: open.slice(1),
		plans: since.filter(({ job, over }) => job.operation === "plan" && !over),
		lastGood: good[0] ?? null,
		previousGood: good.find(({ job }) => job.sha !== good[0]?.job.sha) ?? null,
		staged: foldStaged(since, hands),
		desired: standing.findLast(isWanted) ?? null,
		facts: {
			name,
			...people,
			heldByPull: foldPullHold(since),
			held,
			quarantined: foldQuarantine(recent)
		},
		hosts,
		hands,
		isDeep: horizon !== null
	};
}
/** An environment of which a ledger knows nothing yet. */
function emptyEnvironment(name) {
	return foldEnvironment(name, {
		jobs: [],
		records: []
	});
}
function isChange({ job }) {
	return changesTargets(job.operation);
}
function isWanted(view) {
	return isChange(view) && !isTakenBack(view) && !isOnlyStaged(view);
}
function isTakenBack({ state, stopping, over }) {
	if (stopping !== null && over && state !== "completed") return true;
	return [
		"rejected",
		"cancelled",
		"superseded",
		"skipped"
	].includes(state);
}
/** The newest completed one with which `memory` commits have completed; `null` where there were fewer. */
function horizonOf(good) {
	const commits = /* @__PURE__ */ new Set();
	return good.find(({ job }) => commits.add(job.sha).size === memory) ?? null;
}
var memory;
var init_fold_environment = __esmMin((() => {
	init_job();
	init_chain();
	init_completed();
	init_fold_deployment();
	init_fold_hosts();
	init_fold_pull_hold();
	init_fold_quarantine();
	init_fold_staged();
	init_fold_standing();
	memory = 5;
}));
// node_modules/jose/dist/webapi/lib/buffer_utils.js
function concat(...buffers) {
	const size = buffers.reduce((acc, { length }) => acc + length, 0), buf = new Uint8Array(size);
	let i = 0;
	for (const buffer of buffers) buf.set(buffer, i), i += buffer.length;
	return buf;
}
function encode$1(string) {
	if (typeof string == "string" && string.length >= 128) {
		if (NON_ASCII.test(string)) throw new TypeError("non-ASCII string encountered in encode()");
		return encoder.encode(string);
	}
	const bytes = new Uint8Array(string.length);
	for (let i = 0; i < string.length; i++) {
		const code = string.charCodeAt(i);
		if (code > 127) throw new TypeError("non-ASCII string encountered in encode()");
		bytes[i] = code;
	}
	return bytes;
}
function encodeBase64(input, url = !1) {
	if (Uint8Array.prototype.toBase64) return input.toBase64({
		alphabet: url ? "base64url" : "base64",
		omitPadding: url
	});
	const CHUNK_SIZE = 32768, arr = [];
	for (let i = 0; i < input.length; i += CHUNK_SIZE) arr.push(String.fromCharCode.apply(null, input.subarray(i, i + CHUNK_SIZE)));
	const encoded = btoa(arr.join(""));
	return url ? encoded.replace(/=/g, "").replace(/\+/g, "-").replace(/\//g, "_") : encoded;
}
function decodeBase64(encoded, url = !1) {
	if (Uint8Array.fromBase64) return Uint8Array.fromBase64(encoded, { alphabet: url ? "base64url" : "base64" });
	if (url) {
		if (encoded.includes("+") || encoded.includes("/")) throw new TypeError("Invalid base64url");
		encoded = encoded.replace(/-/g, "+").replace(/_/g, "/");
	}
	const binary = atob(encoded), bytes = new Uint8Array(binary.length);
	for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
	return bytes;
}
var encoder, decoder, strictDecoder, NON_ASCII;
var init_buffer_utils = __esmMin((() => {
	encoder = new TextEncoder();
	decoder = new TextDecoder();
	strictDecoder = new TextDecoder("utf-8", { fatal: !0 });
	NON_ASCII = /[^\x00-\x7f]/;
}));
// node_modules/jose/dist/webapi/util/errors.js
var JOSEError, JOSEAlgNotAllowed, JOSENotSupported, JWSInvalid, JWSSignatureVerificationFailed;
var init_errors = __esmMin((() => {
	JOSEError = class extends Error {
		static code = "ERR_JOSE_GENERIC";
		code = "ERR_JOSE_GENERIC";
		constructor(message, options) {
			super(message, options), this.name = this.constructor.name, Error.captureStackTrace?.(this, this.constructor);
		}
	};
	JOSEAlgNotAllowed = class extends JOSEError {
		static code = "ERR_JOSE_ALG_NOT_ALLOWED";
		code = "ERR_JOSE_ALG_NOT_ALLOWED";
	};
	JOSENotSupported = class extends JOSEError {
		static code = "ERR_JOSE_NOT_SUPPORTED";
		code = "ERR_JOSE_NOT_SUPPORTED";
	};
	JWSInvalid = class extends JOSEError {
		static code = "ERR_JWS_INVALID";
		code = "ERR_JWS_INVALID";
	};
	JWSSignatureVerificationFailed = class extends JOSEError {
		static code = "ERR_JWS_SIGNATURE_VERIFICATION_FAILED";
		code = "ERR_JWS_SIGNATURE_VERIFICATION_FAILED";
		constructor(message = "signature verification failed", options) {
			super(message, options);
		}
	};
}));
// node_modules/jose/dist/webapi/util/base64url.js
function decode(input) {
	try {
		return decodeBase64(typeof input == "string" ? input : decoder.decode(input), !0);
	} catch (cause) {
		throw new TypeError(invalid, { cause });
	}
}
function encode(input) {
	return encodeBase64(typeof input == "string" ? encoder.encode(input) : input, !0);
}
var invalid;
var init_base64url = __esmMin((() => {
	init_buffer_utils();
	invalid = "The input to be decoded is not correctly encoded.";
}));
// node_modules/jose/dist/webapi/lib/validate.js
function assertUint8Array(input, label) {
	if (!(input instanceof Uint8Array)) throw new TypeError(`${label} must be an instance of Uint8Array`);
}
function isObject(input) {
	if (typeof input != "object" || input === null || Object.prototype.toString.call(input) !== "[object Object]") return !1;
	const prototype = Object.getPrototypeOf(input);
	return prototype === null || Object.getPrototypeOf(prototype) === null;
}
function isDisjoint(...headers) {
	const parameters = /* @__PURE__ */ new Set();
	for (const header of headers) if (header) for (const parameter of Object.keys(header)) {
		if (parameters.has(parameter)) return !1;
		parameters.add(parameter);
	}
	return !0;
}
function assertNotSet(value, name) {
	if (value !== void 0) throw new TypeError(`${name} can only be called once`);
}
function decodeBase64url(value, label, ErrorClass) {
	try {
		return decode(value);
	} catch (cause) {
		throw new ErrorClass(`Failed to base64url decode the ${label}`, { cause });
	}
}
function encodeAsciiMember(value, label, ErrorClass) {
	try {
		return encode$1(value);
	} catch (cause) {
		throw new ErrorClass(`The ${label} is not a valid base64url string`, { cause });
	}
}
function parseJoseHeader(encodedProtectedHeader, ErrorClass, message) {
	let parsed;
	try {
		parsed = JSON.parse(strictDecoder.decode(decode(encodedProtectedHeader)));
	} catch (cause) {
		throw new ErrorClass(message, { cause });
	}
	if (!isObject(parsed)) throw new ErrorClass(message);
	return parsed;
}
function validateAlgorithms(option, algorithms) {
	if (algorithms !== void 0 && (!Array.isArray(algorithms) || algorithms.some((s) => typeof s != "string"))) throw new TypeError(`"${option}" option must be an array of strings`);
	return algorithms === void 0 ? void 0 : new Set(algorithms);
}
function validateCritDuplicates(Err, protectedHeader) {
	const { crit } = protectedHeader ?? {};
	if (Array.isArray(crit) && new Set(crit).size !== crit.length) throw new Err("\"crit\" (Critical) Header Parameter MUST NOT contain duplicate values");
}
function validateCrit(Err, recognizedDefault, recognizedOption, protectedHeader, joseHeader) {
	if (joseHeader.crit !== void 0 && protectedHeader?.crit === void 0) throw new Err("\"crit\" (Critical) Header Parameter MUST be integrity protected");
	if (!protectedHeader || protectedHeader.crit === void 0) return [];
	if (!Array.isArray(protectedHeader.crit) || protectedHeader.crit.length === 0 || protectedHeader.crit.some((input) => typeof input != "string" || input.length === 0)) throw new Err("\"crit\" (Critical) Header Parameter MUST be an array of non-empty strings when present");
	const recognized = recognizedOption === void 0 ? recognizedDefault : {
		__proto__: null,
		...recognizedOption,
		...recognizedDefault
	};
	for (const parameter of protectedHeader.crit) {
		if (!(parameter in recognized)) throw new JOSENotSupported(`Extension Header Parameter "${parameter}" is not recognized`);
		if (!Object.hasOwn(joseHeader, parameter) || joseHeader[parameter] === void 0) throw new Err(`Extension Header Parameter "${parameter}" is missing`);
		if (recognized[parameter] && (!Object.hasOwn(protectedHeader, parameter) || protectedHeader[parameter] === void 0)) throw new Err(`Extension Header Parameter "${parameter}" MUST be integrity protected`);
	}
	return protectedHeader.crit;
}
function validateB64(protectedHeader, extensions) {
	if (extensions.includes("b64")) {
		const b64 = protectedHeader.b64;
		if (typeof b64 != "boolean") throw new JWSInvalid("The \"b64\" (base64url-encode payload) Header Parameter must be a boolean");
		return b64;
	}
	return !0;
}
function serializeJoseHeader(Err, header) {
	let serialized, parsed;
	try {
		serialized = JSON.stringify(header), parsed = JSON.parse(serialized);
	} catch (cause) {
		throw new Err("JOSE Header is not valid JSON", { cause });
	}
	if (!isObject(parsed)) throw new Err("JOSE Header is not a JSON object");
	return [parsed, serialized];
}
var JWS_RECOGNIZED;
var init_validate$1 = __esmMin((() => {
	init_errors();
	init_base64url();
	init_buffer_utils();
	JWS_RECOGNIZED = {
		__proto__: null,
		b64: !0
	};
}));
// node_modules/jose/dist/webapi/lib/key.js
async function prepareKey(entry, key, usage) {
	const { alg, secret } = entry, requiresPrivateKey = usage === "decrypt" || usage === "sign";
	if (secret && key instanceof Uint8Array) return key;
	let normalized, keyObject;
	if (isObject(key)) {
		if (normalized = normalizeJwk(key), typeof normalized.kty != "string") throw invalidKeyType(alg, key, secret);
		if (!(secret ? normalized.kty === "oct" && typeof normalized.k == "string" : normalized.kty !== "oct" && (requiresPrivateKey ? normalized.kty === "AKP" && typeof normalized.priv == "string" || typeof normalized.d == "string" : normalized.d === void 0 && normalized.priv === void 0))) throw new TypeError(secret ? "JSON Web Key for symmetric algorithms must have JWK \"kty\" (Key Type) equal to \"oct\" and the JWK \"k\" (Key Value) present" : `JSON Web Key for this operation must be a ${requiresPrivateKey ? "private" : "public"} JWK`);
		if (jwkMatchesOp(entry, normalized, usage), normalized.kty === "oct") return decode(normalized.k);
		if (!Object.isFrozen(key)) {
			const { key_ops } = key;
			Array.isArray(key_ops) && Object.freeze(key_ops), Object.freeze(key);
		}
	} else {
		if (!isKeyLike(key)) throw invalidKeyType(alg, key, secret);
		const expectedType = secret ? "secret" : requiresPrivateKey ? "private" : "public";
		if (key.type !== expectedType && (secret || [
			"secret",
			"public",
			"private"
		].includes(key.type))) throw new TypeError(`${tag(key)} instances must be of type "${expectedType}" for the ${alg} algorithm`);
		if (isCryptoKey(key)) return key;
		if (keyObject = key, keyObject.type === "secret") return keyObject.export();
	}
	cache ||= /* @__PURE__ */ new WeakMap();
	const cacheKey = key;
	let cached = cache.get(cacheKey);
	if (cached?.[alg]) return cached[alg];
	if (cached || cache.set(cacheKey, cached = {}), keyObject && typeof keyObject.toCryptoKey == "function") {
		const isPublic = keyObject.type === "public", crv = nist[keyObject.asymmetricKeyDetails?.namedCurve], params = entry.resolve?.({
			crv,
			asymmetricKeyType: keyObject.asymmetricKeyType
		}) ?? entry.subtle;
		return cached[alg] = keyObject.toCryptoKey(params, isPublic, entry.usages[isPublic ? 0 : 1]);
	}
	return normalized ??= keyObject.export({ format: "jwk" }), normalized.alg = alg, cached[alg] = await jwkToKey(entry, normalized);
}
function message(msg, actual, ...types) {
	if (types.length > 2) {
		const last = types.pop();
		msg += `one of type ${types.join(", ")}, or ${last}.`;
	} else types.length === 2 ? msg += `one of type ${types[0]} or ${types[1]}.` : msg += `of type ${types[0]}.`;
	return actual == null ? msg += ` Received ${actual}` : typeof actual == "function" && actual.name ? msg += ` Received function ${actual.name}` : typeof actual == "object" && actual != null && actual.constructor?.name && (msg += ` Received an instance of ${actual.constructor.name}`), msg;
}
function invalidKeyType(alg, actual, secret) {
	const types = [
		"CryptoKey",
		"KeyObject",
		"JSON Web Key"
	];
	return secret && types.push("Uint8Array"), new TypeError(message(`Key for the ${alg} algorithm must be `, actual, ...types));
}
function checkUsage(key, usage) {
	if (usage && !key.usages.includes(usage)) throw new TypeError(`CryptoKey does not support this operation, its usages must include ${usage}.`);
}
function checkModulusLength(alg, key) {
	const { modulusLength } = key.algorithm;
	if (typeof modulusLength != "number" || modulusLength < 2048) throw new TypeError(`${alg} requires key modulusLength to be 2048 bits or larger`);
}
function checkCryptoKey(key, expected, usage) {
	const algorithm = key.algorithm;
	if (algorithm.name !== expected.name) throw unusable(expected.name);
	if (expected.hash && algorithm.hash?.name !== expected.hash) throw unusable(expected.hash, "algorithm.hash");
	if (expected.namedCurve && algorithm.namedCurve !== expected.namedCurve) throw unusable(expected.namedCurve, "algorithm.namedCurve");
	if (expected.length !== void 0 && algorithm.length !== expected.length) throw unusable(expected.length, "algorithm.length");
	checkUsage(key, usage);
}
function snapshotJwk(jwk) {
	return {
		__proto__: null,
		...jwk
	};
}
function normalizeJwk(jwk) {
	const normalized = snapshotJwk(jwk);
	if (normalized.ext !== void 0 && typeof normalized.ext != "boolean") throw new TypeError("\"ext\" (Extractable) Parameter must be a boolean");
	if (normalized.key_ops !== void 0) {
		const value = normalized.key_ops, keyOps = Array.isArray(value) ? [...value] : void 0;
		if (!keyOps || keyOps.some((operation) => typeof operation != "string") || new Set(keyOps).size !== keyOps.length) throw new TypeError("\"key_ops\" (Key Operations) Parameter must be an array of unique strings");
		normalized.key_ops = keyOps;
	}
	return normalized;
}
async function jwkToKey(entry, jwk, extractable) {
	if (!entry.kty.includes(jwk.kty)) throw new JOSENotSupported("Invalid or unsupported JWK \"alg\" (Algorithm) Parameter value");
	const algorithm = entry.resolve?.({
		kty: jwk.kty,
		crv: jwk.crv
	}) ?? entry.subtle, isPrivate = !!(jwk.d || jwk.priv), keyData = {
		...jwk,
		ext: extractable ?? jwk.ext
	};
	return keyData.kty !== "AKP" && delete keyData.alg, delete keyData.use, crypto.subtle.importKey("jwk", keyData, algorithm, keyData.ext ?? !isPrivate, jwk.key_ops ?? entry.usages[isPrivate ? 1 : 0]);
}
async function rawKey(key, expected, usage, extractable = !1) {
	return key instanceof Uint8Array && (key = await crypto.subtle.importKey("raw", key, expected, extractable, [usage])), checkCryptoKey(key, expected, usage), key;
}
var tag, jwkMatchesOp, cache, nist, isCryptoKey, isKeyObject, isKeyLike, unusable;
var init_key = __esmMin((() => {
	init_validate$1();
	init_base64url();
	init_errors();
	tag = (key) => key[Symbol.toStringTag];
	jwkMatchesOp = (entry, key, usage) => {
		const { alg } = entry;
		if (key.use !== void 0) {
			const expected = usage === "sign" || usage === "verify" ? "sig" : "enc";
			if (key.use !== expected) throw new TypeError(`Invalid key for this operation, its "use" must be "${expected}" when present`);
		}
		if (key.alg !== void 0 && key.alg !== alg) throw new TypeError(`Invalid key for this operation, its "alg" must be "${alg}" when present`);
		if (Array.isArray(key.key_ops)) {
			const expectedKeyOp = usage === "encrypt" || usage === "decrypt" ? entry.ops?.[usage === "encrypt" ? 0 : 1] : usage;
			if (expectedKeyOp && !key.key_ops.includes(expectedKeyOp)) throw new TypeError(`Invalid key for this operation, its "key_ops" must include "${expectedKeyOp}" when present`);
		}
	};
	nist = {
		__proto__: null,
		prime256v1: "P-256",
		secp384r1: "P-384",
		secp521r1: "P-521"
	};
	isCryptoKey = (key) => {
		if (key?.[Symbol.toStringTag] === "CryptoKey") return !0;
		try {
			return key instanceof CryptoKey;
		} catch {
			return !1;
		}
	};
	isKeyObject = (key) => key?.[Symbol.toStringTag] === "KeyObject";
	isKeyLike = (key) => isCryptoKey(key) || isKeyObject(key);
	unusable = (name, prop = "algorithm.name") => /* @__PURE__ */ new TypeError(`CryptoKey does not support this operation, its ${prop} must be ${name}`);
}));
// node_modules/jose/dist/webapi/lib/key_descriptor.js
function table(entries) {
	const out = { __proto__: null };
	for (const alg in entries) out[alg] = {
		...entries[alg],
		alg
	};
	return out;
}
var init_key_descriptor = __esmMin((() => {}));
// node_modules/jose/dist/webapi/lib/jws_algorithms.js
function hmac(bits) {
	const subtle = {
		name: "HMAC",
		hash: `SHA-${bits}`
	};
	return {
		kty: ["oct"],
		secret: !0,
		subtle,
		signing: subtle,
		usages: sig
	};
}
function rsa(bits, saltLength) {
	const subtle = {
		name: saltLength ? "RSA-PSS" : "RSASSA-PKCS1-v1_5",
		hash: `SHA-${bits}`
	};
	return {
		kty: ["RSA"],
		subtle,
		signing: saltLength ? {
			...subtle,
			saltLength
		} : subtle,
		usages: sig,
		minRsaBits: 2048
	};
}
function ecdsa(crv, bits) {
	return {
		kty: ["EC"],
		crv,
		subtle: {
			name: "ECDSA",
			namedCurve: crv
		},
		signing: {
			name: "ECDSA",
			hash: `SHA-${bits}`
		},
		usages: sig
	};
}
function eddsa() {
	const subtle = { name: "Ed25519" };
	return {
		kty: ["OKP"],
		crv: "Ed25519",
		subtle,
		signing: subtle,
		usages: sig
	};
}
function mldsa(parameterSet) {
	const subtle = { name: `ML-DSA-${parameterSet}` };
	return {
		kty: ["AKP"],
		subtle,
		signing: subtle,
		usages: sig
	};
}
function jwsAlgorithm(alg) {
	const entry = typeof alg == "string" ? JWS[alg] : void 0;
	if (!entry) throw new JOSENotSupported(`alg ${alg} is not supported either by JOSE or your javascript runtime`);
	return entry;
}
var sig, JWS;
var init_jws_algorithms = __esmMin((() => {
	init_errors();
	init_key_descriptor();
	sig = [["verify"], ["sign"]];
	JWS = table({
		HS256: hmac(256),
		HS384: hmac(384),
		HS512: hmac(512),
		RS256: rsa(256),
		RS384: rsa(384),
		RS512: rsa(512),
		PS256: rsa(256, 32),
		PS384: rsa(384, 48),
		PS512: rsa(512, 64),
		ES256: ecdsa("P-256", 256),
		ES384: ecdsa("P-384", 384),
		ES512: ecdsa("P-521", 512),
		EdDSA: eddsa(),
		Ed25519: eddsa(),
		"ML-DSA-44": mldsa(44),
		"ML-DSA-65": mldsa(65),
		"ML-DSA-87": mldsa(87)
	});
}));
// node_modules/jose/dist/webapi/lib/jws_verify.js
function prepareVerify(options) {
	return [options && validateAlgorithms("algorithms", options.algorithms), options?.crit];
}
function parseProtectedHeader(encodedProtectedHeader) {
	return encodedProtectedHeader === void 0 ? {} : parseJoseHeader(encodedProtectedHeader, JWSInvalid, "JWS Protected Header is invalid");
}
function encodeCompactUnencodedPayload(payload) {
	try {
		return encode$1(payload);
	} catch (cause) {
		throw new JWSInvalid("JWS Compact Serialization payload must use only ASCII characters", { cause });
	}
}
async function verifySignature(jws, shared, key, encodeUnencodedPayload, parsedProtected) {
	const { protected: encodedProtectedHeader, header, payload: inputPayload } = jws, protectedHeader = parsedProtected ?? parseProtectedHeader(encodedProtectedHeader);
	if (!isDisjoint(protectedHeader, header)) throw new JWSInvalid("JWS Protected and JWS Unprotected Header Parameter names must be disjoint");
	const joseHeader = {
		...protectedHeader,
		...header
	}, b64 = validateB64(protectedHeader, validateCrit(JWSInvalid, JWS_RECOGNIZED, shared[1], protectedHeader, joseHeader)), { alg } = joseHeader;
	if (typeof alg != "string" || !alg) throw new JWSInvalid("JWS \"alg\" (Algorithm) Header Parameter missing or invalid");
	if (shared[0] && !shared[0].has(alg)) throw new JOSEAlgNotAllowed("\"alg\" (Algorithm) Header Parameter value not allowed");
	if (b64) {
		if (typeof inputPayload != "string") throw new JWSInvalid("JWS Payload must be a string");
	} else if (typeof inputPayload != "string" && !(inputPayload instanceof Uint8Array)) throw new JWSInvalid("JWS Payload must be a string or an Uint8Array instance");
	const signingPayload = b64 || typeof inputPayload != "string" ? inputPayload : encodeUnencodedPayload(inputPayload);
	let resolvedKey = !1;
	typeof key == "function" && (key = await key(protectedHeader, jws), resolvedKey = !0);
	const entry = jwsAlgorithm(alg), signingInput = concat(encodedProtectedHeader !== void 0 ? encode$1(encodedProtectedHeader) : /* @__PURE__ */ new Uint8Array(), encode$1("."), typeof signingPayload == "string" ? shared[2] ??= encodeAsciiMember(signingPayload, "payload", JWSInvalid) : signingPayload), signature = decodeBase64url(jws.signature, "signature", JWSInvalid), verificationKey = await prepareKey(entry, key, "verify"), cryptoKey = await rawKey(verificationKey, entry.subtle, "verify");
	entry.minRsaBits && checkModulusLength(entry.alg, cryptoKey);
	let verified = !1;
	try {
		verified = await crypto.subtle.verify(entry.signing, cryptoKey, signature, signingInput);
	} catch (cause) {
		throw new JWSSignatureVerificationFailed(void 0, { cause });
	}
	if (!verified) throw new JWSSignatureVerificationFailed();
	const result = { payload: typeof signingPayload == "string" ? decodeBase64url(signingPayload, "payload", JWSInvalid) : signingPayload };
	return encodedProtectedHeader !== void 0 && (result.protectedHeader = protectedHeader), header !== void 0 && (result.unprotectedHeader = header), resolvedKey ? [{
		...result,
		key: verificationKey
	}, b64] : [result, b64];
}
async function verifyCompact(jws, shared, key) {
	if (jws instanceof Uint8Array && (jws = decoder.decode(jws)), typeof jws != "string") throw new JWSInvalid("Compact JWS must be a string or Uint8Array");
	const { 0: protectedHeader, 1: payload, 2: signature, length } = jws.split(".");
	if (length !== 3) throw new JWSInvalid("Invalid Compact JWS");
	return verifySignature({
		payload,
		protected: protectedHeader,
		signature
	}, shared, key, encodeCompactUnencodedPayload);
}
var init_jws_verify = __esmMin((() => {
	init_jws_algorithms();
	init_errors();
	init_buffer_utils();
	init_validate$1();
	init_key();
}));
// node_modules/jose/dist/webapi/jws/compact/verify.js
async function compactVerify(jws, key, options) {
	const [result] = await verifyCompact(jws, prepareVerify(options), key);
	return result;
}
var init_verify = __esmMin((() => {
	init_jws_verify();
}));
// node_modules/jose/dist/webapi/lib/jws_sign.js
async function createSignature(input, key, rejectUnencoded) {
	let [payload, protectedHeader, unprotectedHeader, crit] = input, encodedProtectedHeader = "";
	if (protectedHeader !== void 0) {
		const normalized = serializeJoseHeader(JWSInvalid, protectedHeader);
		protectedHeader = normalized[0], encodedProtectedHeader = encode(normalized[1]);
	}
	if (unprotectedHeader !== void 0 && (unprotectedHeader = serializeJoseHeader(JWSInvalid, unprotectedHeader)[0]), !protectedHeader && !unprotectedHeader) throw new JWSInvalid("either setProtectedHeader or setUnprotectedHeader must be called before #sign()");
	if (!isDisjoint(protectedHeader, unprotectedHeader)) throw new JWSInvalid("JWS Protected and JWS Unprotected Header Parameter names must be disjoint");
	const joseHeader = {
		...protectedHeader,
		...unprotectedHeader
	};
	validateCritDuplicates(JWSInvalid, protectedHeader);
	const b64 = validateB64(protectedHeader, validateCrit(JWSInvalid, JWS_RECOGNIZED, crit, protectedHeader, joseHeader));
	b64 || rejectUnencoded?.();
	const { alg } = joseHeader;
	if (typeof alg != "string" || !alg) throw new JWSInvalid("JWS \"alg\" (Algorithm) Header Parameter missing or invalid");
	const entry = jwsAlgorithm(alg);
	let encodedPayload = "", signingPayload = payload, signingInput;
	if (b64) {
		const encodedPayloadCache = input[4];
		encodedPayloadCache ? (encodedPayload = encodedPayloadCache[0] ??= encode(payload), signingPayload = encodedPayloadCache[1] ??= encode$1(encodedPayload)) : (encodedPayload = encode(payload), signingInput = encoder.encode(`${encodedProtectedHeader}.${encodedPayload}`));
	}
	signingInput ??= concat(encode$1(encodedProtectedHeader), encode$1("."), signingPayload);
	const signingKey = await rawKey(await prepareKey(entry, key, "sign"), entry.subtle, "sign");
	entry.minRsaBits && checkModulusLength(entry.alg, signingKey);
	const jws = {
		signature: encode(new Uint8Array(await crypto.subtle.sign(entry.signing, signingKey, signingInput))),
		payload: encodedPayload
	};
	return protectedHeader && (jws.protected = encodedProtectedHeader), unprotectedHeader && (jws.header = unprotectedHeader), [jws, b64];
}
async function createCompactSignature(payload, protectedHeader, crit, key, rejectUnencoded) {
	const [jws] = await createSignature([
		payload,
		protectedHeader,
		void 0,
		crit
	], key, rejectUnencoded);
	return `${jws.protected}.${jws.payload}.${jws.signature}`;
}
var init_jws_sign = __esmMin((() => {
	init_base64url();
	init_jws_algorithms();
	init_validate$1();
	init_errors();
	init_buffer_utils();
	init_key();
}));
// node_modules/jose/dist/webapi/jws/compact/sign.js
var CompactSign;
var init_sign = __esmMin((() => {
	init_jws_sign();
	init_validate$1();
	CompactSign = class {
		#payload;
		#protectedHeader;
		constructor(payload) {
			assertUint8Array(payload, "payload"), this.#payload = payload;
		}
		setProtectedHeader(protectedHeader) {
			return assertNotSet(this.#protectedHeader, "setProtectedHeader"), this.#protectedHeader = protectedHeader, this;
		}
		async sign(key, options) {
			return createCompactSignature(this.#payload, this.#protectedHeader, options?.crit, key, () => {
				throw new TypeError("use the flattened module for creating JWS with b64: false");
			});
		}
	};
}));
// node_modules/jose/dist/webapi/util/decode_protected_header.js
function decodeProtectedHeader(token) {
	let encodedProtectedHeader;
	if (typeof token == "string") {
		const parts = token.split(".");
		(parts.length === 3 || parts.length === 5) && ([encodedProtectedHeader] = parts);
	} else if (typeof token == "object" && token) if ("protected" in token) encodedProtectedHeader = token.protected;
	else throw new TypeError("Token does not contain a Protected Header");
	const invalid = "Invalid Token or Protected Header formatting";
	if (typeof encodedProtectedHeader != "string" || !encodedProtectedHeader) throw new TypeError(invalid);
	return parseJoseHeader(encodedProtectedHeader, TypeError, invalid);
}
var init_decode_protected_header = __esmMin((() => {
	init_validate$1();
}));
// node_modules/jose/dist/webapi/index.js
var init_webapi = __esmMin((() => {
	init_verify();
	init_sign();
	init_decode_protected_header();
}));
// src/deploy/job-codec.ts
/** A job as a compact JWS (RFC 7515, EdDSA of RFC 8037), signed over its canonical JSON. */
async function signJob(job, key) {
	return new CompactSign(Buffer.from(canonicalJson(Job$1.parse(job)))).setProtectedHeader({
		alg: "EdDSA",
		typ: type,
		kid: key.public.id
	}).sign(key.private);
}
/** The key id that the token names, unverified; `null` where it is not a job of ours at all. */
function jobKeyId(token) {
	try {
		const header = decodeProtectedHeader(token);
		return header.alg === "EdDSA" && header.typ === type ? header.kid ?? null : null;
	} catch {
		return null;
	}
}
/** The job, where the key signed it and it has the form of this schema; else `null`. */
async function verifyJob(token, key) {
	try {
		const { payload } = await compactVerify(token, key.object, { algorithms: ["EdDSA"] });
		const job = Job$1.safeParse(JSON.parse(Buffer.from(payload).toString("utf8")));
		return job.success ? job.data : null;
	} catch {
		return null;
	}
}
/** The digest by which records and the next job name a job: over the payload's bytes. */
function jobDigest(token) {
	return digestOf(Buffer.from(token.split(".")[1] ?? "", "base64url"));
}
/** The id of the job that a cause makes. The same cause, however often it is seen, is one job. */
function jobIdOf(cause) {
	return digestOf(`sallyport job\n${cause}`);
}
var type;
var init_job_codec = __esmMin((() => {
	init_webapi();
	init_digest();
	init_job();
	type = "sallyport-job+jws";
}));
// src/deploy/issue.ts
/**
* Writes a job on top of its environment's chain and binds it. Where another App was quicker, the
* job is written anew on top of the other. The same cause gives the same job, however often it is
* issued. Rejects as the ledger does, and with `ledger_gap` or `ledger_busy`.
*/
async function issueJob(draft, world, signal) {
	const id = jobIdOf(draft.cause);
	let isNew = false;
	let gapSince = null;
	for (let attempt = 0; attempt < tries$1; attempt += 1) {
		const { environments, now } = (attempt === 0 ? world.reading : void 0) ?? await world.reader.refresh(signal);
		const view = environments.get(draft.environment) ?? emptyEnvironment(draft.environment);
		const standing = view.deployments.find(({ job }) => job.id === id);
		if (standing) return issuedOf(standing, !isNew);
		if (view.gap && draft.flags["accept-gap"] !== true) {
			gapSince ??= now;
			if (now - gapSince > 2e4) throw gapError(view);
			await world.clock.sleep(pauseMs$1, signal);
			continue;
		}
		const rivals = view.unbound.filter((other) => isNextOf(other, view));
		const mine = rivals.find(({ job }) => job.id === id);
		const first = rivals.find(({ at }) => now - at < 2e4) ?? mine;
		if (!mine) {
			if (first) await world.clock.sleep(pauseMs$1, signal);
			else {
				isNew = true;
				world.reader.note(await publish(draft, id, view, now, world, signal));
			}
		} else if (first === mine || mine.deployment < first.deployment) await bind(mine, now, world, signal);
		else await world.clock.sleep(pauseMs$1, signal);
	}
	throw new SallyportError({
		code: "ledger_busy",
		message: `The job for ${draft.environment} found no place in the ledger in ${tries$1} tries.`,
		hint: "Type the command again in a minute.",
		next: "retry"
	});
}
async function publish(draft, id, view, now, { ledger, key }, signal) {
	const prev = draft.flags["accept-gap"] === true ? null : view.head;
	const issued = new Date(now).toISOString();
	const start_by = new Date(now + startWithinMs).toISOString();
	const token = await signJob({
		...draft,
		schema: 1,
		id,
		prev,
		issued,
		start_by
	}, key);
	const { sha, environment } = draft;
	const description = `${environment}: ${inWords$2(draft)}`.slice(0, 140);
	return ledger.publish({
		token,
		sha,
		environment,
		description
	}, signal);
}
async function bind({ deployment, digest, job }, now, { ledger, reader, key }, signal) {
	const token = signRecord({
		kind: "act",
		state: "bound",
		job: digest,
		subject: deployment,
		reason: "queued",
		plan: null,
		at: now
	}, key);
	const { environment } = job;
	const isOver = isStateOperation(job.operation);
	const description = (isOver ? inWords$2(job) : `queued: ${inWords$2(job)}`).slice(0, 140);
	const state = githubStates[isOver ? "completed" : "pending"];
	reader.note(await ledger.append({
		deployment,
		token,
		state,
		environment,
		description
	}, signal));
}
function inWords$2({ operation, sha, actor, params }) {
	const what = operation === "release-quarantine" || !isStateOperation(operation);
	const why = params["reason"] ? `: ${params["reason"]}` : "";
	return `${operation}${what ? ` ${sha.slice(0, 7)}` : ""} by ${actor.login}${why}`;
}
/** Whether an unbound job, once bound, would be the next of the chain. */
function isNextOf({ job }, { head }) {
	return job.prev === head || job.prev === null && job.flags["accept-gap"] === true;
}
function gapError({ name, gap }) {
	return new SallyportError({
		code: "ledger_gap",
		message: `The ledger of ${name} has a gap: deployment ${gap.deployment} follows a job that is not there. Somebody may have deleted a deployment.`,
		hint: `Look at the deployments of ${name}; then type \`/deploy ${name} --${acceptGap}\` to go on without the lost job.`,
		next: "stalled"
	});
}
function issuedOf({ deployment, job, digest }, duplicate) {
	return {
		deployment,
		job,
		digest,
		duplicate
	};
}
var startWithinMs, pauseMs$1, tries$1;
var init_issue = __esmMin((() => {
	init_errors$3();
	init_deployment();
	init_job();
	init_chain();
	init_fold_environment();
	init_job_codec();
	init_record_codec();
	startWithinMs = 864e5;
	pauseMs$1 = 1e3;
	tries$1 = 60;
}));
// src/app/head-again.ts
/**
* Reads once more what named the commit, right before the job is written: what moved since the first
* reading is refused. No gate where only a SHA was given, which nothing can move.
*/
async function judgeHeadAgain(environment, commit, github) {
	const { place, sha } = commit;
	if (!place) return [];
	const now = await readAgain(place, commit, github);
	if (now === sha) return [openGate("head", "still_there", "Nothing moved meanwhile")];
	const where = place.kind === "pull" ? "the pull request" : place.name;
	return [closedGate("head", "head_moved", now === null ? `${where} was closed or deleted while the command was looked at` : `${where} moved to ${now.slice(0, 7)} while the command was looked at`, now === null ? `Name the commit itself: /deploy ${environment} @${sha}` : `Look at the commit, then type: /deploy ${environment} @${now}`)];
}
async function readAgain(place, { pull = null }, github) {
	if (place.kind !== "pull") return (await github.ref(place.kind, place.name))?.sha ?? null;
	const now = await github.pull(place.number);
	return now.isOpen === (pull?.isOpen ?? true) ? now.head.sha : null;
}
var init_head_again = __esmMin((() => {
	init_gate();
}));
// src/policy/base.ts
/** A pull request wants to be merged into one of the branches that the environment names. */
function judgeBase(facts) {
	const admitted = facts.bases ?? [facts.defaultBranch];
	const message = `The pull request wants to be merged into ${facts.branch}`;
	if (matchesAnyRef(admitted, facts.branch)) return openGate("base", "admitted", message);
	return closedGate("base", "other_base", `${message}; only those into ${admitted.join(", ")} are deployed`, "Change its base branch, or add it to `pull_requests.bases` of the environment.");
}
var init_base = __esmMin((() => {
	init_gate();
	init_ref_pattern();
}));
// src/policy/draft.ts
/** Drafts are not deployed, unless the environment takes them. */
function judgeDraft(facts) {
	if (!facts.isDraft) return openGate("draft", "ready", "The pull request is no draft");
	if (facts.admitted) return openGate("draft", "admitted", `${facts.environment} takes drafts`);
	return closedGate("draft", "is_draft", `The pull request is a draft, and ${facts.environment} takes none`, `Mark it as ready for review, then type: /deploy ${facts.environment}`);
}
var init_draft = __esmMin((() => {
	init_gate();
}));
// src/policy/fork.ts
/**
* Commits of forks are refused: GitHub's API resolves them through the base repository, so nobody
* with write permission need ever have seen them. Where the environment admits forks, somebody who
* may write has brought exactly this commit into a branch first: hosts fetch no fork.
*/
function judgeFork(facts) {
	const { base, head, admitted, broughtInto, pull, sha, environment } = facts;
	if (head === base) return openGate("fork", "own_repository", "The pull request comes from this repository");
	const branch = `review/${pull}`;
	if (!admitted) return closedGate("fork", "from_fork", "The pull request comes from a fork, and commits of forks are never deployed", "Review it, push its commits to a branch of this repository, and deploy from there.");
	const [into] = broughtInto;
	if (into !== void 0) return openGate("fork", "brought_in", `The commit of the fork is the head of ${into}`);
	return closedGate("fork", "fork_not_brought_in", `Commit ${sha.slice(0, 7)} is in the fork only, where no host fetches from`, `Review it, then: git fetch origin pull/${pull}/head && git push origin ${sha}:refs/heads/${branch} – and type again: /deploy ${environment}`);
}
var init_fork = __esmMin((() => {
	init_gate();
}));
// src/policy/outdated.ts
/** The pull request has everything that its base branch has, or the environment takes it nonetheless. */
function judgeOutdated({ environment, wanted, base, relation }) {
	if (relation === "ahead" || relation === "identical") return openGate("outdated", "up_to_date", `The pull request has all of ${base}`);
	const message = relation === null ? `GitHub could not compare the pull request with ${base}` : `${base} has commits that the pull request lacks`;
	if (wanted === "warn") return openGate("outdated", "outdated", message);
	if (wanted === "update" && relation !== null) return closedGate("outdated", toBeUpdated, `${message}, so ${base} is being merged into it`, `Wait for its checks and look at it again, then type: /deploy ${environment}`);
	return closedGate("outdated", "outdated", message, `Merge ${base} into it ("Update branch"), then type: /deploy ${environment}`);
}
var toBeUpdated;
var init_outdated = __esmMin((() => {
	init_gate();
	toBeUpdated = "outdated_update";
}));
// src/policy/review.ts
/** What a person's reviews come to: the last one that says yes or no, unless it was dismissed. */
function decidedReviews(reviews) {
	const last = /* @__PURE__ */ new Map();
	for (const review of reviews) if (deciding.has(review.state)) last.set(review.person.id, review);
	return [...last.values()].filter(({ state }) => state !== "DISMISSED");
}
/**
* GitHub would show the pull request as approved: nobody who may write asks for changes, and enough
* of them approved. It is no approval of a plan, which nobody had seen then.
* `reviews` are decided ones of people who may write.
*/
function judgeReview(facts) {
	const loginsOf = (state) => facts.reviews.filter((review) => review.state === state).map(({ person }) => person.login);
	const again = `then type: /deploy ${facts.environment}`;
	const against = loginsOf("CHANGES_REQUESTED");
	if (against.length > 0) return closedGate("review", "changes_requested", `Changes are requested by ${against.join(", ")}`, `Have it reviewed again, ${again}`);
	const approving = loginsOf("APPROVED");
	const wanted = Math.max(1, facts.wanted);
	const message = `${approving.length} of ${wanted} reviews by people who may write approve it`;
	if (approving.length >= wanted) return openGate("review", "reviewed", message);
	return closedGate("review", "review_required", message, `Have it reviewed, ${again}`);
}
var deciding;
var init_review = __esmMin((() => {
	init_gate();
	deciding = /* @__PURE__ */ new Set([
		"APPROVED",
		"CHANGES_REQUESTED",
		"DISMISSED"
	]);
}));
// src/app/judge-pull.ts
/**
* What the environment wants of pull requests. In an open one it holds for every command without a
* branch or a tag, `@SHA` too: whoever may not deploy the draft may not deploy a commit of it.
*/
async function judgePull(asked, rules, world) {
	const { commit, isLook } = asked;
	const pull = commit.pull ?? null;
	if (!pull) return {
		gates: [],
		authors: []
	};
	const [fork, ready] = await Promise.all([commit.place?.kind === "pull" ? judgeOrigin(asked, pull, rules, world) : {
		gates: [],
		authors: []
	}, isLook || !pull.isOpen ? [] : judgeReady(asked, pull, rules, world)]);
	return {
		gates: [...fork.gates, ...ready],
		authors: fork.authors
	};
}
/** How the head of a pull request stands to its base branch; nobody asks of one that is closed. */
async function ageOf({ isOpen, base, head }, github) {
	return isOpen ? github.relation(base.branch, head.sha) : null;
}
/** Where its head comes from; of a fork, who brought it here, and when. */
async function judgeOrigin({ environment, at }, { number, head, base }, { pull_requests }, { github }) {
	const { sha } = head;
	const admitted = pull_requests.forks;
	const isOwn = head.repository === base.repository;
	const broughtInto = admitted && !isOwn ? await github.branchesAt(sha) : [];
	const fork = judgeFork({
		environment,
		pull: number,
		base: base.repository,
		head: head.repository,
		sha,
		admitted,
		broughtInto
	});
	const [branch] = broughtInto;
	if (branch === void 0) return {
		gates: [fork],
		authors: []
	};
	const { gates, authors } = await judgeBranch(branch, sha, {
		environment,
		at
	}, github);
	const hint = `Look at the commit, then type: /deploy ${environment}`;
	return {
		gates: [fork, ...gates.map((gate) => gate.open ? gate : {
			...gate,
			hint
		})],
		authors
	};
}
async function judgeReady({ environment, age, isForced }, pull, { pull_requests: wanted }, world) {
	const { defaultBranch } = world.repository;
	const { drafts: admitted, bases } = wanted;
	const { branch } = pull.base;
	const review = wanted.review ? await judgeReviews(environment, pull, world) : null;
	const outdated = wanted.outdated === "ignore" ? null : judgeOutdated({
		environment,
		wanted: isForced ? "warn" : wanted.outdated,
		base: branch,
		relation: await age
	});
	return [
		judgeBase({
			branch,
			bases,
			defaultBranch
		}),
		judgeDraft({
			isDraft: pull.isDraft,
			admitted,
			environment
		}),
		...[review, outdated].filter((gate) => gate !== null)
	];
}
async function judgeReviews(environment, { number, base, author }, { github }) {
	const [all, wanted] = await Promise.all([github.reviews(number), github.reviewsWanted(base.branch)]);
	const decided = decidedReviews(all).filter(({ person }) => person.login !== author);
	const held = await Promise.all(decided.map(({ person }) => github.permissionOf(person)));
	return judgeReview({
		environment,
		reviews: decided.filter((_, at) => mayWrite(held[at] ?? "none")),
		wanted
	});
}
function mayWrite(held) {
	return permissions.indexOf(held) >= permissions.indexOf("write");
}
var init_judge_pull = __esmMin((() => {
	init_base();
	init_draft();
	init_fork();
	init_outdated();
	init_permission();
	init_review();
	init_fix_commit();
}));
// src/app/supersede.ts
/**
* Ends what waits in the environment behind a newer deployment. Where that fails the older one
* goes first, and the newer one after it: nothing is lost, so it only stands in the log. GitHub
* sends no event of a deployment that became inactive, so what is said of it is said here.
*/
async function supersede(deployment, world) {
	try {
		const reading = await world.reader.refresh();
		const found = findDeployment(deployment, reading);
		if (!found) return;
		const older = await supersedeOlder(found.environment, found.view, actWorld(world, reading));
		for (const view of older) await showDeployment(view.deployment, world);
	} catch (error) {
		const { code, message } = asSallyportError(error);
		world.log.warn("older deployments could not be superseded", {
			deployment,
			code,
			message
		});
	}
}
var init_supersede = __esmMin((() => {
	init_act();
	init_errors$3();
	init_act_world();
	init_find_deployment();
	init_show_deployment();
}));
// src/app/update-outdated.ts
/**
* Merges the base branch into the pull request where that is what keeps the command out, and nothing
* else does. The command is refused all the same: it meant the commit before.
*/
async function updateOutdated(gates, pull, github) {
	const others = gates.filter(({ reason }) => reason !== toBeUpdated);
	if (!pull || others.length === gates.length || firstClosed(others)) return;
	if (await github.updateBranch(pull.number, pull.head.sha)) return;
	throw new SallyportError({
		code: "not_updated",
		message: `The pull request lacks commits of ${pull.base.branch}, and GitHub did not let the App merge them into it`,
		hint: `Merge ${pull.base.branch} into it yourself (the App needs \`contents: write\` to do it), then type the command again.`,
		exit: exitCodes.refused
	});
}
var init_update_outdated = __esmMin((() => {
	init_errors$3();
	init_gate();
	init_outdated();
}));
// src/app/request-job.ts
/**
* From a command to a bound job. Reads run side by side, for each call in sequence is time
* that people wait; but nothing is said before it is known that the person may ask.
*/
async function requestJob(request, finder, world) {
	const { command, event, answer } = request;
	const { environment } = command;
	const { github, repository } = world;
	const permission = begun(github.permissionOf(event.author));
	const reading = begun(world.reader.refresh());
	const policy = begun(readPolicy(github, repository.defaultBranch));
	const goal = begun(finder.find(reading));
	const declared = begun(goal.then(({ sha }) => readDeclared(github, sha)));
	const isLook = command.name === "plan";
	const isForced = command.flags["force"] === true;
	const age = begun(goal.then(({ pull }) => isLook || !pull ? null : ageOf(pull, github)));
	const found = begun(bringsCommit.has(command.name) ? github.environmentRules(environment) : Promise.resolve(null));
	const may = judgePermission(event.author.login, await permission);
	refuseWhereClosed([may]);
	answer.begin(workingComment(request.words));
	const earlier = jobOf(causeOf$2(request, world), environment, await reading);
	if (earlier) {
		if (earlier.job.reply?.comment === await answer.id()) return finish(earlier.deployment, request, world);
		return answer.write(repeatedComment(request.words, earlier.deployment));
	}
	const rules = await policy;
	const here = rulesOf$1(environment, rules, command.name);
	refuseWhereClosed(await judgeMayOf(event.author, command.name, environment, here, github));
	const wanted = await goal;
	const { gates: passed, authors } = await wanted.provenance;
	refuseWhereClosed(passed);
	const { now } = await reading;
	const [pull, judged, byGithub] = await Promise.all([
		judgePull({
			environment,
			isLook,
			isForced,
			at: event.at,
			age,
			commit: wanted
		}, here, world),
		finder.judge(wanted, rules, await reading),
		applyGithubRules({
			environment,
			rules: here,
			now,
			found
		}, wanted, world)
	]);
	const marks = begun(finder.marks?.(wanted, rules) ?? Promise.resolve({}));
	const gates = [
		may,
		...passed,
		...pull.gates,
		...judged,
		...byGithub.gates
	];
	await updateOutdated(gates, wanted.pull ?? null, github);
	refuseWhereClosed(gates);
	const { params, ...place } = resolveFor(rules, await declared, environment, {
		typed: command.inputs,
		carried: wanted.carried ?? {},
		only: wanted.among ?? namesOf(command.flags["only"]),
		isToStage: command.flags["stage"] === true
	});
	finder.suits?.(wanted, place, await reading);
	const reply = !request.cause && event.issue !== 0 ? {
		issue: event.issue,
		comment: await answer.id()
	} : null;
	refuseWhereClosed(await judgeHeadAgain(environment, wanted, github));
	const { deployment } = await issueJob({
		operation: operationOf(command),
		cause: causeOf$2(request, world),
		repository: repository.id,
		environment,
		sha: wanted.sha,
		ref: wanted.ref,
		policy: rules.sha,
		...place,
		flags: {
			...flagsOf(command),
			...byGithub.flags,
			...await marks
		},
		params: {
			...command.params,
			...params
		},
		actor: event.author,
		authors: [.../* @__PURE__ */ new Set([
			event.author.login,
			...authors,
			...pull.authors
		])].slice(0, 100),
		gates: gates.map(({ name, open, reason }) => ({
			name,
			open,
			reason
		})),
		reply
	}, {
		...world,
		reading: await reading
	});
	await finish(deployment, request, world);
}
/** To promote is to deploy what ran elsewhere. */
function operationOf({ name }) {
	return name === "promote" ? "deploy" : name;
}
function flagsOf(command) {
	return command.name === "promote" ? {
		...command.flags,
		promoted: command.from
	} : { ...command.flags };
}
function namesOf(flag) {
	return flag === true || flag === void 0 ? void 0 : [flag];
}
/** What asks to come through, as gates see it. */
function requestOf({ command, event }, sha) {
	const { id: person, login } = event.author;
	return {
		operation: operationOf(command),
		sha,
		auto: false,
		isRollback: command.name === "rollback",
		flags: command.flags,
		authors: [login],
		actor: login,
		person
	};
}
async function finish(deployment, request, world) {
	await Promise.all([
		react("rocket", request.event, world),
		showDeployment(deployment, world),
		supersede(deployment, world)
	]);
}
/** The same comment and line are the same job, however often they are delivered. */
function causeOf$2({ event, command, cause, button }, { repository }) {
	return cause ?? button ?? `comment:${repository.id}:${event.comment}:${command.line}`;
}
function jobOf(cause, environment, reading) {
	const id = jobIdOf(cause);
	return reading.environments.get(environment)?.deployments.find(({ job }) => job.id === id);
}
var bringsCommit;
var init_request_job = __esmMin((() => {
	init_issue();
	init_job_codec();
	init_permission();
	init_answer_markdown();
	init_begun();
	init_configuration();
	init_github_rules();
	init_head_again();
	init_judge_may();
	init_judge_pull();
	init_react();
	init_refuse();
	init_show_deployment();
	init_supersede();
	init_update_outdated();
	bringsCommit = /* @__PURE__ */ new Set(["deploy", "promote"]);
}));
// src/app/commands/deploy.ts
/** `/deploy <env> [ref|@sha]` */
async function deploy(request, world) {
	const { environment } = request.command;
	await requestJob(request, {
		find: () => findCommit(request, world),
		judge: async (commit, policy, reading) => [
			await judgePlace(commit, environment, policy, world),
			...judgeRequest(environment, requestOf(request, commit.sha), policy, reading),
			await judgeChecksOf(commit.sha, rulesOf$1(environment, policy, "deploy"), world)
		],
		marks: (commit, policy) => {
			const rules = rulesOf$1(environment, policy, "deploy");
			return pullFlags(pullOf$1(commit), commit.sha, rules, world);
		}
	}, world);
}
var init_deploy$1 = __esmMin((() => {
	init_commit_goal();
	init_gate_facts();
	init_judge_checks();
	init_pull_flags();
	init_refuse();
	init_request_job();
}));
// src/app/commands/help.ts
/** `/help`: the table of commands, and the environments where there is a policy that can be read. */
async function help(answer, { github, repository }) {
	const environments = await readPolicy(github, repository.defaultBranch).then(({ config }) => Object.keys(config.environments), () => []);
	await answer.write(helpComment(commandTable, environments));
}
var init_help = __esmMin((() => {
	init_answer_markdown();
	init_table();
	init_configuration();
}));
// src/app/environments-meant.ts
/** The environments that a word means: `all` of the policy, unless one is called so. Rejects where there is none. */
function environmentsMeant(word, policy, command) {
	const known = Object.keys(policy.config.environments);
	if (word === "all" && known.length > 0 && !known.includes(word)) return known;
	rulesOf$1(word, policy, command);
	return [word];
}
var init_environments_meant = __esmMin((() => {
	init_refuse();
}));
// src/app/state-job.ts
/** Writes the word as a job, and answers with it. Rejects as `issueJob` does. */
async function sayState(word, request, world) {
	const { event, answer } = request;
	const reply = {
		issue: event.issue,
		comment: await answer.id()
	};
	const deployment = await issueState(word, causeOf$1(request, world), reply, request, world);
	await Promise.all([react("rocket", event, world), showDeployment(deployment, world)]);
}
/** The word for one environment of several, which are answered together. */
async function sayStateAmong(word, request, world) {
	await issueState(word, `${causeOf$1(request, world)}:${word.environment}`, null, request, world);
}
/** Whether the very comment was taken before, for this environment or for several. */
function isRepeated(environment, { environments }, request, world) {
	const cause = causeOf$1(request, world);
	const ids = [jobIdOf(cause), jobIdOf(`${cause}:${environment}`)];
	return environments.get(environment)?.deployments.some(({ job }) => ids.includes(job.id)) ?? false;
}
/** A refusal of what would change nothing, or of words that do not go together. */
function refusal$4(code, message, hint, exit = exitCodes.refused) {
	return new SallyportError({
		code,
		message,
		hint,
		exit
	});
}
async function issueState({ environment, params, policy, reading }, cause, reply, { command, event }, world) {
	return (await issueJob(stateDraft({
		operation: command.name,
		environment,
		sha: policy.sha,
		policy: policy.sha,
		actor: event.author,
		params,
		cause,
		repository: world.repository.id,
		reply
	}), {
		...world,
		reading
	})).deployment;
}
function causeOf$1({ event, command }, { repository }) {
	return `comment:${repository.id}:${event.comment}:${command.line}`;
}
var init_state_job = __esmMin((() => {
	init_act();
	init_issue();
	init_job_codec();
	init_errors$3();
	init_react();
	init_show_deployment();
}));
// src/app/state-time.ts
/** When a time such as `2h` is over, for a job's params; nothing where none was given. Rejects above 30 days. */
function untilOf(time, { now }, hint) {
	if (time === void 0) return {};
	const ms = Number.parseInt(time, 10) * unitsMs[time.slice(-1)];
	if (ms <= longestMs$2) return { until: new Date(now + ms).toISOString() };
	throw new SallyportError({
		code: "pause_too_long",
		message: `${time} is longer than 30 days`,
		hint,
		exit: exitCodes.usage
	});
}
var unitsMs, longestMs$2;
var init_state_time = __esmMin((() => {
	init_errors$3();
	unitsMs = {
		s: 1e3,
		m: 6e4,
		h: 36e5,
		d: 864e5
	};
	longestMs$2 = 30 * unitsMs.d;
}));
// src/app/commands/lock.ts
/** `/lock <env>|all [reason] [--for 2h] [--until-merge] [--sticky]`; with `--info` it only tells. */
async function lock(request, world) {
	const { environment, flags } = request.command;
	const begunPolicy = begun(readPolicy(world.github, world.repository.defaultBranch));
	const begunReading = begun(world.reader.refresh());
	await requireMay(request, world);
	const policy = await begunPolicy;
	const names = environmentsMeant(environment, policy, "lock");
	for (const name of names) await requireMayHere(request, name, policy, world);
	const reading = await begunReading;
	if (flags["info"] === true) return tellDone(request, {
		message: names.map((name) => `${lockInWords(name, reading)}.`).join(" "),
		next: null
	}, world);
	const params = paramsOf(request, reading);
	if (params["pull"] !== void 0 && !(await world.github.pull(request.event.issue)).isOpen) throw refusal$4("pull_closed", "This pull request is closed already, so no lock can hold until it is merged", `/lock ${environment}`);
	const free = names.filter((name) => !isLocked(name, reading) || isRepeated(name, reading, request, world));
	const taken = names.filter((name) => !free.includes(name));
	const [only, ...others] = free;
	if (only === void 0) throw alreadyLocked(taken, reading);
	if (names.length === 1 && others.length === 0) return sayState({
		environment: only,
		params,
		policy,
		reading
	}, request, world);
	for (const name of free) await sayStateAmong({
		environment: name,
		params,
		policy,
		reading
	}, request, world);
	const left = taken.map((name) => ` ${lockInWords(name, reading)}.`).join("");
	await tellDone(request, {
		message: `Locked: ${free.join(", ")}.${left}`,
		next: `/unlock ${environment}`
	}, world);
}
/** Until when it holds, in the job's params: a time, a merge, or neither, which `--sticky` says outright. */
function paramsOf({ command, event }, reading) {
	const { params, flags, environment } = command;
	const { reason, for: time } = params;
	const isUntilMerge = flags["until-merge"] === true;
	if (flags["sticky"] === true && (isUntilMerge || time !== void 0)) throw refusal$4("flags_differ", "A lock that is sticky ends neither with a time nor with a merge", `/lock ${environment} --sticky`, exitCodes.usage);
	if (isUntilMerge && !event.isPull) throw refusal$4("no_pull_request", "Only in a pull request a lock can hold until it is merged", `/lock ${environment}`, exitCodes.usage);
	return {
		...reason === void 0 ? {} : { reason },
		...untilOf(time, reading, `/lock ${environment}, which stands until somebody takes it back`),
		...isUntilMerge ? { pull: String(event.issue) } : {}
	};
}
function isLocked(name, { environments, now }) {
	return stands(environments.get(name)?.facts.lock ?? null, now);
}
function lockInWords(name, { environments, now }) {
	const lock = environments.get(name)?.facts.lock ?? null;
	return stands(lock, now) ? `${name} is locked already, ${standingInWords(lock)}` : `Nobody has locked ${name}`;
}
/** Whoever locks what is locked should know of the other lock. */
function alreadyLocked(names, reading) {
	return refusal$4("locked", names.map((name) => lockInWords(name, reading)).join("; "), `/unlock ${names[0] ?? ""}`);
}
var init_lock = __esmMin((() => {
	init_errors$3();
	init_standing();
	init_begun();
	init_configuration();
	init_environments_meant();
	init_person();
	init_state_job();
	init_state_time();
}));
// src/app/commands/plan.ts
/** `/plan <env> [ref|@sha]`: the hosts say what would change; the gates of a change keep nothing out. */
async function plan(request, world) {
	const { environment } = request.command;
	await requestJob(request, {
		find: () => findCommit(request, world),
		judge: async (commit, policy) => [await judgePlace(commit, environment, policy, world)]
	}, world);
}
var init_plan$1 = __esmMin((() => {
	init_commit_goal();
	init_request_job();
}));
// src/app/promoted-from.ts
/**
* The newest completed deployment of the environment that is promoted. Rejects where there is none,
* where a newer one is under way, and where it was of other targets than what is asked for.
*/
function promotedFrom({ from, environment, flags }, view) {
	const good = view && newestCompleted(view);
	if (!view || !good) throw refusal$3("nothing_completed", `No deployment to ${from} has completed, so there is nothing to promote`, `/deploy ${from}`);
	const newer = [view.running, ...view.queue].find((other) => other && other.deployment > good.deployment);
	if (newer) throw refusal$3("newer_running", `Deployment ${newer.deployment} of ${newer.job.sha.slice(0, 7)} to ${from} is not over yet; ${good.job.sha.slice(0, 7)} completed there before it`, `Wait for it, or name the commit: /deploy ${environment} @${good.job.sha}`);
	if (isStaged(good)) throw refusal$3("partly_completed", `Deployment ${good.deployment}, the newest that completed in ${from}, is staged: its traffic has not moved`, `/switch ${from}`);
	const { only } = good.job.flags;
	if (only !== void 0 && only !== flags["only"]) throw refusal$3("partly_completed", `Deployment ${good.deployment}, the newest that completed in ${from}, was of ${String(only)} alone`, `/promote ${from} ${environment} --only ${String(only)}`);
	return good;
}
function refusal$3(code, message, hint) {
	return new SallyportError({
		code,
		message,
		hint,
		exit: exitCodes.refused
	});
}
var init_promoted_from = __esmMin((() => {
	init_completed();
	init_find_completed();
	init_errors$3();
}));
// src/app/commands/promote.ts
/** `/promote <from> <to>`: exactly the commit and the parameters that completed newest in the first. */
async function promote(request, world) {
	const { command, event } = request;
	const { environment } = command;
	await requestJob(request, {
		async find(reading) {
			const { environments } = await reading;
			const { job } = promotedFrom(command, environments.get(command.from));
			const pull = event.isPull ? event.issue : null;
			const { defaultBranch } = world.repository;
			const fixed = await fixCommit({
				environment,
				ref: null,
				sha: job.sha,
				pull,
				defaultBranch,
				at: event.at
			}, world.github);
			const provenance = fixed.provenance.then(({ gates, authors }) => ({
				gates,
				authors: [.../* @__PURE__ */ new Set([...authors, ...job.authors])].slice(0, 99)
			}));
			const carried = givenOf(job.params);
			const { pull: flag } = job.flags;
			const ofPull = typeof flag === "string" ? flag : void 0;
			return {
				...fixed,
				ref: job.ref,
				provenance: begun(provenance),
				carried,
				ofPull
			};
		},
		judge: async (commit, policy, reading) => [
			await judgePlace(commit, environment, policy, world),
			...judgeRequest(environment, requestOf(request, commit.sha), policy, reading),
			await judgeChecksOf(commit.sha, rulesOf$1(environment, policy, "deploy"), world)
		],
		marks: async ({ ofPull, sha }, policy) => {
			const isOpen = ofPull !== void 0 && (await world.github.pull(Number(ofPull))).isOpen;
			const rules = rulesOf$1(environment, policy, "promote");
			return pullFlags(isOpen ? ofPull : void 0, sha, rules, world);
		}
	}, world);
}
var init_promote = __esmMin((() => {
	init_resolve_params();
	init_begun();
	init_commit_goal();
	init_fix_commit();
	init_gate_facts();
	init_judge_checks();
	init_pull_flags();
	init_promoted_from();
	init_refuse();
	init_request_job();
}));
// src/app/commands/reject.ts
/** `/reject [env] [reason]`: ends the deployment that awaits approval. */
async function reject(request, world) {
	const { command, event } = request;
	const policy = begun(readPolicy(world.github, world.repository.defaultBranch));
	const reading = begun(world.reader.refresh());
	await requireMay(request, world);
	const { environment, params } = command;
	const { environments } = await reading;
	const { deployment } = request;
	const { issue } = event;
	const view = findWaiting({
		command: "reject",
		environment,
		digest: null,
		issue,
		deployment
	}, environments);
	await requireMayHere(request, view.job.environment, await policy, world);
	const reason = params["reason"] ?? null;
	const after = await endByPerson({
		view,
		state: "rejected",
		by: event.author,
		reason
	}, await reading, world);
	if (after.state !== "rejected") throw tooLate(after);
	await tellDone(request, {
		message: `Deployment ${view.deployment} to \`${view.job.environment}\` is rejected: nothing was changed.`,
		next: null
	}, world);
}
var init_reject = __esmMin((() => {
	init_begun();
	init_configuration();
	init_end_by_person();
	init_find_waiting();
	init_person();
	init_too_late();
}));
// src/app/commands/rollback.ts
/** `/rollback <env> [to]`: back to a commit that completed there, so that its ref is not asked for again. */
async function rollback(request, world) {
	const { environment, sha, ref } = request.command;
	const to = sha ?? ref;
	await requestJob(request, {
		async find(reading) {
			const { environments } = await reading;
			const { job } = findCompleted(environment, environments.get(environment), to, {
				nothing: `/deploy ${environment}`,
				other: `/rollback ${environment} @SHA, with a commit that completed there`
			});
			const provenance = Promise.resolve({
				gates: [],
				authors: job.authors
			});
			return {
				sha: job.sha,
				ref: job.ref,
				provenance,
				carried: givenOf(job.params)
			};
		},
		judge: (goal, policy, reading) => {
			const completed = openGate("completed", "completed_here", `Commit ${goal.sha.slice(0, 7)} completed on ${environment}`);
			const early = judgeRequest(environment, requestOf(request, goal.sha), policy, reading);
			return Promise.resolve([completed, ...early]);
		}
	}, world);
}
var init_rollback$1 = __esmMin((() => {
	init_find_completed();
	init_gate();
	init_resolve_params();
	init_gate_facts();
	init_request_job();
}));
// src/app/commands/state.ts
/** `/pause`, `/resume`: a job that touches no target and stands from then on. */
async function changePause(request, world) {
	const { environment, params, name } = request.command;
	const begunPolicy = begun(readPolicy(world.github, world.repository.defaultBranch));
	const begunReading = begun(world.reader.refresh());
	await requireMay(request, world);
	const policy = await begunPolicy;
	rulesOf$1(environment, policy, name);
	await requireMayHere(request, environment, policy, world);
	const reading = await begunReading;
	const pause = reading.environments.get(environment)?.facts.pause ?? null;
	if (name === "resume" && !stands(pause, reading.now) && !isRepeated(environment, reading, request, world)) throw refusal$4("not_paused", `${environment} is not paused`, `/status ${environment}`);
	const { reason, for: time } = params;
	const hint = `/lock ${environment}, which stands until somebody takes it back`;
	await sayState({
		environment,
		params: {
			...reason === void 0 ? {} : { reason },
			...untilOf(time, reading, hint)
		},
		policy,
		reading
	}, request, world);
}
var init_state = __esmMin((() => {
	init_standing();
	init_begun();
	init_configuration();
	init_person();
	init_refuse();
	init_state_job();
	init_state_time();
}));
// src/deploy/silent-hosts.ts
/**
* How long a host may say nothing at its turn: three polls, and what it does before its first word.
* An agent whose own `poll` is longer may be taken for lost.
*/
function patienceOf({ roster }, kind) {
	return 3 * longestPoll * Math.max(pollMs, pollPerHostMs * roster.length) + (kind === "command" ? toItsWordOfCommandMs : toItsWordMs);
}
/** Hosts that change something in an environment: whatever else waits for them has to. */
function hostsAtWork(environments) {
	const units = [...environments].flatMap(({ running }) => running?.units ?? []);
	return new Set(units.flatMap((unit) => isChanging(unit) && unit.host ? [unit.host] : []));
}
/**
* The hosts that the running deployment waits for, and that have said nothing since their turn came.
* One that is `atWork`, here or in another environment, says nothing either until it is done: it is
* never taken for lost.
*/
function silentHosts(environment, planFirst, now, atWork) {
	const { running, gap } = environment;
	if (!running?.bound || gap) return [];
	const opensAt = frontOf(running)?.opensAt ?? 0;
	return running.job.roster.flatMap(({ name: host }) => {
		const turn = whoseTurn(environment, host, {
			planFirst,
			now
		});
		if (turn.kind !== "act" && turn.kind !== "plan") return [];
		const { unit, deployment } = turn;
		const since = Math.max(lastWord(environment), environment.hosts.get(host)?.at ?? 0, opensAt);
		if (!(deployment === running.deployment && unit.host === host) || !isUntouched(unit) || atWork.has(host)) return [];
		const { kind } = running.job.targets[unit.targetIndex];
		return now - since >= patienceOf(running.job, kind) ? [{
			host,
			unit,
			since
		}] : [];
	});
}
/** Nothing was said of it: not even that it waits for something. */
function isUntouched({ state, reason }) {
	return (state === "waiting" || state === "planned" || state === "approved") && (reason === "none" || reason === "queued" || reason === "not_my_turn");
}
/** When anything last happened that may have made it that host's turn. */
function lastWord({ running, deployments }) {
	const { at, units, acts } = running;
	const before = deployments.map(({ endedAt }) => endedAt ?? 0);
	return Math.max(at, ...units.map((unit) => unit.at), ...acts.map((act) => act.at), ...before);
}
var pollMs, longestPoll, toItsWordMs, toItsWordOfCommandMs, pollPerHostMs;
var init_silent_hosts = __esmMin((() => {
	init_rollout();
	init_reduce_units();
	init_whose_turn();
	pollMs = 1e4;
	longestPoll = 1.1;
	toItsWordMs = 6e4;
	toItsWordOfCommandMs = 18e4;
	pollPerHostMs = 2e3;
}));
// src/deploy/pictures-now.ts
/**
* Where the hosts of an environment stand: in the deployment in hand, or in what people want to run,
* since whoever was left out of it is still to catch up. `all` are the environments that were read.
*/
function picturesNow(view, all, now) {
	const shown = view.running ?? view.desired;
	if (!shown) return [];
	const lost = silentHosts(view, false, now, hostsAtWork(all));
	return picturesOf(shown, now, new Map(lost.map(({ host, since }) => [host, since])));
}
var init_pictures_now = __esmMin((() => {
	init_host_pictures();
	init_silent_hosts();
}));
// src/report/host-stands.ts
function standOfHost(host, { deployments, facts }) {
	const held = facts.held.find((each) => each.host === host);
	if (held) return {
		commit: null,
		since: held.since
	};
	const brought = deployments.filter((view) => broughtAt(host, view) !== null);
	const commit = brought.at(-1)?.job.sha ?? null;
	const first = brought[brought.findLastIndex(({ job }) => job.sha !== commit) + 1];
	return {
		commit,
		since: first ? broughtAt(host, first) : null
	};
}
/** When its commit came there; `null` where it did not, or waits in an idle slot. */
function broughtAt(host, { job, units }) {
	const done = units.filter((unit) => unit.host === host && unit.state === "done" && unit.reason !== "staged");
	return done.length === 0 || !changesTargets(job.operation) ? null : Math.max(...done.map(({ at }) => at));
}
var init_host_stands = __esmMin((() => {
	init_job();
}));
// src/report/health.ts
/** The health of several targets of a host, or of several hosts: the worst one; unknown for none. */
function worstOf(healths) {
	const worst = Math.max(-1, ...healths.map((health) => fromBestToWorst.indexOf(health)));
	return fromBestToWorst[worst] ?? "unknown";
}
/**
* An environment's health: what was seen of its targets where somebody looked, else
* what the ledger tells of its last deployment. The worst host counts.
*/
function healthOf(environment, seen) {
	if (isMoving(environment)) return "progressing";
	const told = healthAfter(environment.desired);
	if (seen.length === 0) return told;
	const hosts = Map.groupBy(seen, ({ host }) => host);
	const looks = (target) => saysNothing(target) ? told : target.health;
	return worstOf([...hosts.values()].map((targets) => worstOf(targets.map(looks))));
}
/** Whether what people want to run is what runs. */
function syncOf(environment) {
	const { desired, lastGood, facts } = environment;
	if (facts.held.length > 0) return "held";
	if (isMoving(environment)) return "syncing";
	if (!desired || desired.state === "skipped") return lastGood ? "synced" : "unknown";
	const hasDrifted = [...environment.hosts.values()].some(({ state }) => state === "drifted");
	return desired.job.sha === lastGood?.job.sha && !hasDrifted ? "synced" : "out-of-sync";
}
/** It is there, and declares nothing by which one could tell how it is. */
function saysNothing({ health, version }) {
	return health === "unknown" && version !== null;
}
function isMoving({ running }) {
	return running !== null && moving.has(running.state);
}
function healthAfter(deployment) {
	if (!deployment) return "unknown";
	if (deployment.state === "completed" || deployment.state === "rolled-back") return "healthy";
	return deployment.state === "failed" ? "degraded" : "unknown";
}
var fromBestToWorst, moving;
var init_health = __esmMin((() => {
	fromBestToWorst = [
		"healthy",
		"unknown",
		"progressing",
		"degraded",
		"unhealthy"
	];
	moving = /* @__PURE__ */ new Set([
		"validating",
		"planning",
		"backing-up",
		"applying",
		"post-validating",
		"rolling-back"
	]);
}));
// src/report/wait-of.ts
/** Why the deployment in hand does not go on, as far as the ledger tells; `null` where it does, or where there is none. */
function waitOf({ running, facts, gap }) {
	if (!running) return null;
	const { deployment, job } = running;
	const waiting = running.units.find(({ state, reason }) => isStopped(state) && says(reason));
	if (gap) return {
		deployment,
		reason: "ledger_gap",
		message: "a job before it is lost",
		until: null
	};
	if (facts.lock) return standing(deployment, "locked", "locked", facts.lock);
	if (!waiting) return null;
	if (waiting.reason === "paused" && facts.pause) return standing(deployment, "paused", "paused", facts.pause);
	const words = inWords$1[waiting.reason] ?? waiting.reason.replaceAll("_", " ");
	const message = `${job.sha.slice(0, 7)} ${words}`;
	return {
		deployment,
		reason: waiting.reason,
		message,
		until: null
	};
}
function isStopped(state) {
	return state === "waiting" || state === "planned";
}
/** Reasons that say no more than that it has not begun. */
function says(reason) {
	return reason !== "none" && reason !== "queued" && reason !== "not_my_turn";
}
function standing(deployment, reason, what, { by, reason: why, until }) {
	return {
		deployment,
		reason,
		message: `${what} by ${by}${why === "" ? "" : `: ${why}`}`,
		until
	};
}
var inWords$1;
var init_wait_of = __esmMin((() => {
	inWords$1 = {
		awaiting_approval: "waits for an approval",
		breaking_change: "breaks something and waits for an approval",
		window_closed: "waits for a window",
		wait_timer: "waits for the wait timer of GitHub's environment",
		frozen: "waits for the end of a freeze",
		held: "waits: a host is held",
		pull_hold: "waits: a pull request keeps the environment",
		quarantined: "failed here before"
	};
}));
// src/report/status-json.ts
/** The document of `sallyport status --json` (DESIGN.md §5); scripts rely on its shape. */
function statusJson(environments) {
	return {
		schema: 1,
		ok: true,
		environments: environments.map(environmentJson)
	};
}
function environmentJson({ view: folded, seen, wait, hosts = [], at = -Infinity }) {
	const view = withoutEnded(folded, at);
	const { lastGood: good, desired, facts } = view;
	return {
		name: view.name,
		health: healthOf(view, seen),
		sync: syncOf(view),
		commit: good?.job.sha ?? null,
		deployment: good ? String(good.deployment) : null,
		since: good ? isoOf(good.endedAt ?? good.at) : null,
		staged: view.staged.map(stagedJson),
		desired: desired?.job.sha ?? null,
		waits: waitJson(wait ?? waitOf(view)),
		lock: standingJson(facts.lock),
		pause: standingJson(facts.pause),
		held: facts.held.map(({ host }) => host),
		quarantined: facts.quarantined.map(({ sha }) => sha),
		hosts: hostsJson(view, seen, hosts)
	};
}
/** The fold knows no clock: a word that ends by itself stands in it until the next one. */
function withoutEnded(view, at) {
	const standing = (word) => word !== null && word.until !== null && word.until <= at ? null : word;
	const { lock, pause } = view.facts;
	return {
		...view,
		facts: {
			...view.facts,
			lock: standing(lock),
			pause: standing(pause)
		}
	};
}
function waitJson(wait) {
	if (!wait) return null;
	const { deployment, reason, message, until } = wait;
	return {
		deployment: String(deployment),
		reason,
		message,
		until: until === null ? null : isoOf(until)
	};
}
function stagedJson({ view, targets }) {
	const { job, deployment, endedAt, at } = view;
	const since = isoOf(endedAt ?? at);
	return {
		commit: job.sha,
		deployment: String(deployment),
		since,
		targets
	};
}
function standingJson(standing) {
	if (!standing) return null;
	const { by, reason, since, until } = standing;
	return {
		by,
		reason,
		since: isoOf(since),
		until: until === null ? null : isoOf(until)
	};
}
function stopJson(stop) {
	const { kind, by, since } = stop;
	return {
		kind,
		message: stop.kind === "maintenance" ? stop.text : null,
		seconds: stop.kind === "hold" ? stop.forMs / 1e3 : null,
		by,
		since: since === null ? null : isoOf(since)
	};
}
function hostsJson(view, seen, rolling) {
	const latest = view.running ?? view.desired ?? void 0;
	return [.../* @__PURE__ */ new Set([...(latest?.job.roster ?? []).map((host) => host.name), ...seen.map(({ host }) => host)])].map((name) => {
		const targets = targetsJson(name, latest, view.lastGood, seen);
		const health = worstOf(targets.map((target) => target.health));
		const picture = rolling.find(({ host }) => host === name);
		const state = picture?.state ?? hostState(latest, name);
		const place = picture ? {
			batch: picture.batch,
			waits: picture.waits
		} : {};
		const { commit, since: at } = standOfHost(name, view);
		const since = at === null ? null : isoOf(at);
		return {
			name,
			state,
			health,
			...place,
			commit,
			since,
			targets
		};
	});
}
function targetsJson(host, latest, good, seen) {
	const looked = seen.filter((target) => target.host === host);
	if (looked.length > 0) return looked.map(({ host: _host, stops, ...target }) => stops ? {
		...target,
		stops: stops.map(stopJson)
	} : target);
	const version = good?.job.sha.slice(0, 7) ?? null;
	return (latest?.units ?? []).filter((unit) => unit.host === host).map((unit) => ({
		name: unit.target,
		slot: null,
		version,
		health: "unknown"
	}));
}
/** The unit of the host that is least far, in words of the unit's states. */
function hostState(latest, host) {
	const own = (latest?.units ?? []).filter((unit) => unit.host === host);
	return (own.find((unit) => unit.state !== "done") ?? own.at(-1))?.state ?? "unknown";
}
function isoOf(ms) {
	return new Date(ms).toISOString();
}
var init_status_json = __esmMin((() => {
	init_host_stands();
	init_health();
	init_wait_of();
}));
// src/policy/release-tag.ts
/** `v` and a digit, a semantic version, or a day and a build. */
function lookOf(tag) {
	if (tag.length > 100) return null;
	const [, month, day] = /^\d{2}\.(\d{2})\.(\d{2})\.\d{1,6}$/.exec(tag) ?? [];
	if (month !== void 0 && day !== void 0) return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31 ? {
		kind: "calendar",
		version: tag
	} : null;
	return /^v\d/.test(tag) || semver.test(tag) ? { kind: "version" } : null;
}
/** Whether what the commit's `VERSION` file says makes the tag a release; `null`: there is no such file. */
function agrees(look, file) {
	return look.kind === "version" || file?.trim() === look.version;
}
/** Orders tags from the oldest version to the newest; numbers count as numbers, `-rc.1` before its release. */
function byVersion(one, other) {
	const [a, b] = [partsOf(one), partsOf(other)];
	for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
		const order = comparePart(a[at], b[at]);
		if (order !== 0) return order;
	}
	return one < other ? -1 : one > other ? 1 : 0;
}
function partsOf(tag) {
	return tag.replace(/^v(?=\d)/, "").match(/\d+|[^\d.]+/g) ?? [];
}
/** What ends first is older than another number, and newer than words: 1.2 < 1.2.1, 1.2-rc < 1.2. */
function comparePart(a, b) {
	if (a === b) return 0;
	if (a === void 0) return /^\d/.test(b) ? -1 : 1;
	if (b === void 0) return /^\d/.test(a) ? 1 : -1;
	const [isNumber, isOther] = [/^\d/.test(a), /^\d/.test(b)];
	if (isNumber && isOther) return Number(a) - Number(b);
	if (isNumber !== isOther) return isNumber ? 1 : -1;
	return a < b ? -1 : 1;
}
var semver;
var init_release_tag = __esmMin((() => {
	semver = /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;
}));
// src/app/releases.ts
/**
* The newest tags that look like a release, as GitHub has them at this moment; nothing is kept. Each
* costs three calls or four, side by side.
*/
async function newestReleases(most, environments, { github }) {
	const candidates = (await github.tags()).filter(({ name }) => lookOf(name) !== null).toSorted((a, b) => byVersion(b.name, a.name)).slice(0, most);
	const views = [...environments];
	const read = candidates.map((tag) => readRelease$1(tag, views, github));
	return (await Promise.all(read)).filter((release) => release !== null);
}
async function readRelease$1({ name, sha }, environments, github) {
	const look = lookOf(name);
	if (look === null) return null;
	const [version, facts, checks] = await Promise.all([
		look.kind === "calendar" ? github.file("VERSION", sha) : null,
		github.commitFacts(sha),
		github.checksOf(sha)
	]);
	if (!agrees(look, version)) return null;
	const live = environments.filter(({ lastGood }) => lastGood?.job.sha === sha).map((environment) => environment.name);
	return {
		name,
		commit: sha,
		author: facts?.author?.login ?? facts?.authorName ?? "",
		checks: wordOf(checks),
		live
	};
}
function wordOf({ found, total }) {
	const states = newestOf(found).map(stateOf$1);
	if (states.includes("failed")) return "failed";
	if (states.includes("pending")) return "pending";
	if (found.length < total) return "unknown";
	return states.length === 0 ? "none" : "succeeded";
}
var init_releases = __esmMin((() => {
	init_check_state();
	init_release_tag();
}));
// src/app/commands/status.ts
/** `/status [env]`: from the ledger, which knows commits and hosts but not what a host sees right now. */
async function status(environment, answer, world) {
	const { environments, now } = await world.reader.refresh();
	const views = [...environments.values()].filter(({ name }) => environment === null || name === environment);
	if (views.length === 0) throw new SallyportError({
		code: "nothing_deployed",
		message: environment ? `Nothing was deployed to ${environment} yet` : "Nothing was deployed from this repository yet",
		hint: environment ? `/deploy ${environment}` : "/help",
		exit: exitCodes.notFound
	});
	const seen = views.map((view) => {
		return {
			view,
			seen: [],
			hosts: picturesNow(view, environments.values(), now),
			at: now
		};
	});
	const releases = await newestReleases(shownReleases, environments.values(), world).catch(() => []);
	await answer.write(statusComment(statusJson(seen).environments, releases));
}
var shownReleases;
var init_status$1 = __esmMin((() => {
	init_pictures_now();
	init_errors$3();
	init_answer_markdown();
	init_status_json();
	init_releases();
	shownReleases = 5;
}));
// src/deploy/find-switch.ts
/**
* What a switch moves the traffic to: what is staged; where nothing is, what had the traffic before;
* or what `to` names of all that is staged or completed here. Throws where there is no such thing, or
* where the target is to be named.
*/
function findSwitch(name, view, ask, hints) {
	const known = view ?? {
		deployments: [],
		staged: [],
		running: null,
		queue: []
	};
	const { target, to } = readAsk(name, known, ask);
	if (to === null) refuseUnderWay(name, known, target);
	const fitting = known.staged.map(({ view: of, targets }) => ({
		view: of,
		targets: targets.filter((one) => isFor(one, target))
	})).filter(({ targets }) => targets.length > 0);
	const meant = fitting.filter((each) => to === null || isNamedBy(to, each.view));
	if ((to === null || target === null) && meant.length > 0) return stagedGoal(oneOf(name, meant), known);
	const service = target ?? onlyService(name, known);
	const lived = livedOn(service, known);
	if (to === null) return backGoal(beforeLast(name, service, lived, hints), service);
	const found = findAmong(to, name, [...lived, ...fitting.map(({ view: of }) => of)], hints);
	const waits = fitting.find(({ view: of }) => of === found);
	return waits ? stagedGoal(waits, known) : backGoal(found, service);
}
/** A single word that names no target names what is to have the traffic. */
function readAsk(name, known, { target, to }) {
	if (target === null) return {
		target,
		to
	};
	const kind = kindsOf(known).get(target);
	if (kind === "service") return {
		target,
		to
	};
	if (kind !== void 0) throw refusal$2("no_slots", `${target} is of kind ${kind}, which is applied at once and has no traffic to move`, `/deploy ${name} --only ${target}`, exitCodes.usage);
	if (to === null) return {
		target: null,
		to: target
	};
	const services = servicesOf(known);
	const meant = nearest(target, services);
	throw refusal$2("target_unknown", `${name} has no service ${target}; it has ${services.join(", ") || "none"}`, meant === void 0 ? `/status ${name}` : `Did you mean ${meant}?`);
}
/**
* Typed twice, a switch would go there and back again; and what a deployment under way leaves in the
* slots, nobody knows yet.
*/
function refuseUnderWay(name, { running, queue }, target) {
	const open = [running, ...queue].find((view) => view !== null && takesSlot(view, target));
	if (!open) return;
	const { deployment, job } = open;
	const short = job.sha.slice(0, 7);
	throw refusal$2("deployment_running", `Deployment ${deployment} ${job.operation === "switch" ? `moves the traffic of ${name} to ${short} already` : `brings ${short} to ${name} and is not over`}`, `/status ${name}`, exitCodes.refused);
}
function takesSlot({ job, units }, target) {
	const own = units.filter((unit) => isFor(unit.target, target));
	return job.operation === "switch" ? own.length > 0 : own.some(hasBegun);
}
function stagedGoal(staged, { deployments, staged: all }) {
	const { view, targets } = staged;
	return {
		view,
		targets,
		isStaged: true,
		isWhole: isWholeWith(all.find((one) => one.view === view) ?? staged, targets, deployments)
	};
}
function backGoal(view, target) {
	const isOnlyTarget = view.job.targets.every(({ name }) => name === target);
	return {
		view,
		targets: [target],
		isStaged: false,
		isWhole: isWhole$1(view.job) && isOnlyTarget
	};
}
function oneOf(name, staged) {
	const [first, ...others] = staged;
	if (first && others.length === 0) return first;
	throw refusal$2("target_missing", `Different commits are staged in ${name}: ${staged.map(({ view, targets }) => `${targets.join(", ")} at ${view.job.sha.slice(0, 7)}`).join("; ")}`, `Name the target: /switch ${name} ${staged.at(-1)?.targets[0] ?? ""}`, exitCodes.usage);
}
function onlyService(name, known) {
	const [first, ...others] = servicesOf(known);
	if (first !== void 0 && others.length === 0) return first;
	if (first === void 0) throw refusal$2("nothing_to_switch_to", `No service has been deployed to ${name} yet`, `/deploy ${name}`);
	throw refusal$2("target_missing", `${name} has several services: ${[first, ...others].join(", ")}`, `Name one: /switch ${name} ${first}`, exitCodes.usage);
}
/** The deployments whose release of the target had the traffic, oldest first. */
function livedOn(target, { deployments }) {
	return deployments.filter(({ job, state, units }) => {
		const own = units.filter((unit) => unit.target === target);
		const isInForce = own.length > 0 && own.every(({ reason }) => reason !== "staged");
		return state === "completed" && changesTargets(job.operation) && isInForce;
	});
}
function beforeLast(name, target, lived, { nothing }) {
	const last = lived.at(-1);
	const before = lived.findLast(({ job }) => job.sha !== last?.job.sha);
	if (before) return before;
	throw refusal$2("nothing_to_switch_to", `Nothing of ${target} is staged in ${name}, and ${last ? `only ${last.job.sha.slice(0, 7)} has had its traffic` : "it had no traffic yet"}`, nothing);
}
function servicesOf(known) {
	return [...kindsOf(known)].flatMap(([name, kind]) => kind === "service" ? [name] : []);
}
/** The targets that were deployed here, with the kind that each had last. */
function kindsOf({ deployments }) {
	const changing = deployments.filter(({ job }) => changesTargets(job.operation));
	return new Map(changing.flatMap(({ job }) => job.targets.map(({ name, kind }) => [name, kind])));
}
function isFor(name, target) {
	return target === null || target === name;
}
function refusal$2(code, message, hint, exit = exitCodes.notFound) {
	return new SallyportError({
		code,
		message,
		hint,
		exit
	});
}
var init_find_switch = __esmMin((() => {
	init_errors$3();
	init_job();
	init_nearest();
	init_find_completed();
	init_fold_deployment();
	init_fold_staged();
}));
// src/deploy/refuse-missing.ts
/**
* Throws where a host that a switch is for never took part in what it goes to, since it joined later:
* it would fail there, and all that had moved would move back. One that was left out while it was down
* is let through: the rollout leaves it out again, or it says itself what it lacks.
*/
function refuseMissing({ view: { job }, isStaged }, { name, deployments }, targets) {
	const short = job.sha.slice(0, 7);
	const same = deployments.filter((each) => each.job.sha === job.sha && changesTargets(each.job.operation));
	const missing = targets.flatMap((target) => target.hosts.flatMap((host) => {
		return same.some(({ units, skipped }) => units.some((unit) => unit.target === target.name && unit.host === host && (unit.state === "done" || skipped.includes(host)))) ? [] : [`${target.name} on ${host}`];
	}));
	if (missing.length === 0) return;
	throw new SallyportError({
		code: "not_on_all_hosts",
		message: `${short} never ${isStaged ? "was staged" : "ran"} for ${missing.join(", ")}, so no traffic was moved anywhere`,
		hint: isStaged ? `\`/deploy ${name} @${short} --stage\`, then \`/switch ${name}\`` : `\`/rollback ${name} @${short}\`, which builds it where it is missing`,
		exit: exitCodes.refused
	});
}
var init_refuse_missing = __esmMin((() => {
	init_errors$3();
	init_job();
}));
// src/deploy/switch-job.ts
/** Why a switch may come, as whoever signs its job found: it stands in the job for hosts that read less far back. */
function gateOfSwitch({ view, isStaged }, environment) {
	const commit = `Commit ${view.job.sha.slice(0, 7)}`;
	return isStaged ? openGate("staged", "staged_here", `${commit} is staged in ${environment}`) : openGate("completed", "completed_here", `${commit} completed on ${environment}`);
}
/** Flags of its job: the deployment that staged it, and the one target that it is for. */
function flagsOfSwitch({ view, targets, isStaged, isWhole }) {
	return {
		...isStaged ? { from: String(view.deployment) } : {},
		...isWhole ? {} : { only: targets.join(",").slice(0, 255) }
	};
}
/** How gates see it. */
function requestOfSwitch({ isStaged }) {
	return {
		isRollback: !isStaged,
		isStaged
	};
}
var init_switch_job = __esmMin((() => {
	init_gate();
}));
// src/app/commands/switch.ts
/**
* `/switch <env> [target] [to]`: the traffic moves to what is staged, or back to what completed there.
* Nothing is built, and what was approved when it was staged is not asked again.
*/
async function switchTraffic(request, world) {
	const { environment, target, sha, ref } = request.command;
	await requestJob(request, {
		async find(reading) {
			const { environments } = await reading;
			const asked = {
				target,
				to: sha ?? ref
			};
			const goal = findSwitch(environment, environments.get(environment), asked, {
				nothing: `/deploy ${environment} --stage`,
				other: `/switch ${environment} TARGET @SHA, with a commit that is staged or completed there`
			});
			const { job } = goal.view;
			const provenance = Promise.resolve({
				gates: [],
				authors: job.authors
			});
			const carried = givenOf(job.params);
			return {
				sha: job.sha,
				ref: job.ref,
				provenance,
				carried,
				among: goal.targets,
				goal
			};
		},
		judge: ({ goal, sha: commit }, policy, reading) => {
			const asked = {
				...requestOf(request, commit),
				...requestOfSwitch(goal)
			};
			const early = judgeRequest(environment, asked, policy, reading);
			return Promise.resolve([gateOfSwitch(goal, environment), ...early]);
		},
		suits: ({ goal }, { targets }, { environments }) => {
			const view = environments.get(environment);
			if (view) refuseMissing(goal, view, targets);
		},
		marks: async ({ goal, sha: commit }, policy) => {
			const { pull } = goal.view.job.flags;
			const isOpen = goal.isStaged && typeof pull === "string" && (await world.github.pull(Number(pull))).isOpen;
			const rules = rulesOf$1(environment, policy, "switch");
			const kept = await pullFlags(isOpen ? pull : void 0, commit, rules, world);
			return {
				...flagsOfSwitch(goal),
				...kept
			};
		}
	}, world);
}
var init_switch$1 = __esmMin((() => {
	init_find_switch();
	init_refuse_missing();
	init_switch_job();
	init_resolve_params();
	init_gate_facts();
	init_pull_flags();
	init_refuse();
	init_request_job();
}));
// src/app/is-named-in.ts
/** Whether a list of logins and teams names this person; GitHub is asked of the teams that it names. */
async function isNamedIn(list, person, github) {
	return isNamed(list, {
		login: person.login,
		teamsOf: await teamsOf(person, list, github)
	});
}
var init_is_named_in = __esmMin((() => {
	init_people$1();
	init_teams_of();
}));
// src/app/commands/unlock.ts
/** `/unlock <env>|all [--force]`: takes a lock off, and lets go of a pull request that keeps the environment. */
async function unlock(request, world) {
	const { environment, params: given } = request.command;
	const begunPolicy = begun(readPolicy(world.github, world.repository.defaultBranch));
	const begunReading = begun(world.reader.refresh());
	await requireMay(request, world);
	const policy = await begunPolicy;
	const names = environmentsMeant(environment, policy, "unlock");
	const reading = await begunReading;
	const params = given["reason"] === void 0 ? {} : { reason: given["reason"] };
	const judged = await Promise.all(names.map(async (name) => ({
		name,
		gate: await judge$3(name, policy, reading, request, world)
	})));
	if (judged.length === 1) refuseWhereClosed(judged.map(({ gate }) => gate));
	const kept = judged.filter(({ name }) => isKept(name, reading) || isRepeated(name, reading, request, world));
	if (kept.length === 0) throw refusal$4("not_locked", `${environment} is not locked`, `/status ${environment}`);
	if (names.length === 1) return sayState({
		environment: kept[0].name,
		params,
		policy,
		reading
	}, request, world);
	const freed = kept.filter(({ gate }) => gate.open).map(({ name }) => name);
	if (freed.length === 0) return refuseWhereClosed(kept.map(({ gate }) => gate));
	for (const name of freed) await sayStateAmong({
		environment: name,
		params,
		policy,
		reading
	}, request, world);
	const left = kept.filter(({ gate }) => !gate.open).map(({ gate }) => ` ${gate.message}.`);
	await tellDone(request, {
		message: `Unlocked: ${freed.join(", ")}.${left.join("")}`,
		next: null
	}, world);
}
function isKept(name, { environments, now }) {
	const facts = environments.get(name)?.facts;
	return stands(facts?.lock ?? null, now) || (facts?.heldByPull ?? null) !== null;
}
/** Whoever may type it lets go of a pull request; a lock is its owner's. */
async function judge$3(name, { config }, { environments, now }, { command, event }, { github }) {
	const { lock = null, heldByPull = null } = environments.get(name)?.facts ?? {};
	const rules = config.environments[name];
	const isLocked = stands(lock, now);
	if (!isLocked || heldByPull !== null) {
		const [may] = rules ? await judgeMayOf(event.author, "unlock", name, rules, github) : [];
		if (may?.open === false) return may;
		if (!isLocked) return may ?? openGate("unlock", "not_locked", `Nobody has locked ${name}`);
	}
	const named = rules?.may.unlock ?? [];
	const [isNamed, permission] = await Promise.all([isNamedIn(named, event.author, github), github.permissionOf(event.author)]);
	const isForced = command.flags["force"] === true;
	return judgeUnlock({
		name,
		lock,
		person: event.author,
		isNamed,
		isForced,
		permission
	});
}
var init_unlock = __esmMin((() => {
	init_gate();
	init_standing();
	init_unlock$1();
	init_begun();
	init_configuration();
	init_environments_meant();
	init_is_named_in();
	init_judge_may();
	init_person();
	init_refuse();
	init_state_job();
}));
// src/app/named-bot.ts
/**
* The world for a bot that the default branch names under `comments.bots`; `null` for every other
* one. GitHub knows no permission of a bot, so to be named there is its permission to write; lists
* of `may` hold for it as for people, and it approves nothing.
*/
async function asNamedBot(event, world) {
	const { github, repository } = world;
	const policy = await readPolicy(github, repository.defaultBranch).catch(unlessInvalid);
	const login = event.author.login.toLowerCase();
	if (!policy?.config.comments.bots.some((bot) => bot.toLowerCase() === login)) return null;
	return {
		...world,
		github: {
			...github,
			permissionOf: (person) => person.id === event.author.id ? Promise.resolve("write") : github.permissionOf(person)
		}
	};
}
/** A policy that nobody can read names nobody. */
function unlessInvalid(error) {
	if (error instanceof SallyportError && error.next === "user") return null;
	throw error;
}
var init_named_bot = __esmMin((() => {
	init_errors$3();
	init_configuration();
}));
// src/app/issue-comment.ts
/**
* A new comment. Where it holds no command at the start of a line, GitHub is not asked for anything.
* `open` is called at the first need. Commands are carried out one after the other; one that is
* refused keeps no other one from its turn. Rejects where GitHub is out of reach, and where one
* of them met a bug: the delivery may be sent again.
*/
async function handleIssueComment(event, open) {
	const { commands, errors } = parseComment(event.body);
	if (commands.length === 0 && (errors.length === 0 || !event.isByPerson)) return;
	const opened = await open();
	const world = event.isByPerson ? opened : await asNamedBot(event, opened);
	if (!world) return;
	const seen = react("eyes", event, world);
	if (errors.length > 0) await explainErrors(event, errors, world);
	const bugs = [];
	for (const command of commands) {
		const failed = await carryOut(command, event, world);
		if (failed?.next === "retry") throw failed;
		if (failed?.next === "bug") bugs.push(failed);
	}
	await seen;
	if (bugs[0]) throw bugs[0];
}
async function explainErrors(event, errors, world) {
	await Promise.all([react("confused", event, world), world.github.say(event.issue, misreadComment(errors))]);
}
/** Gives why it was refused, which the writer was told; `null` where it was not. */
async function carryOut(command, event, world) {
	const key = `answer ${world.repository.id} ${event.comment} ${command.line}`;
	const place = world.answers ? {
		memory: world.answers,
		key
	} : null;
	const heard = ofTheMoment.has(command.name) ? `heard ${key}` : null;
	if (heard !== null && await world.answers?.recall(heard)) return null;
	const answer = new Answer$1(world.github, event.issue, place);
	const at = {
		event,
		words: linesOf(event.body)[command.line - 1]?.trim() ?? `/${command.name}`,
		answer
	};
	const failed = await answering(at, world, () => run$7(command, at, world));
	const isTriedAgain = failed?.next === "retry" || failed?.next === "bug";
	if (heard !== null && !isTriedAgain) await world.answers?.keep(heard, "yes");
	return failed;
}
/** Does the work, and answers with why where it is refused; gives that, or `null`. */
async function answering({ event, words, answer }, world, work) {
	try {
		await work();
		return null;
	} catch (thrown) {
		const error = asSallyportError(thrown);
		const { refusal } = await styleOf(world);
		await Promise.all([react("confused", event, world), answer.write(refusalComment({
			words,
			...tellable(error)
		}, refusal))]);
		return error;
	}
}
/** Carries a command out, whoever asked for it and how. Rejects where it is refused. */
async function run$7(command, at, world) {
	switch (command.name) {
		case "help": return help(at.answer, world);
		case "status": return status(command.environment, at.answer, world);
		case "deploy": return isPlanOnly(command) ? plan({
			...at,
			command: planOf(command)
		}, world) : deploy({
			...at,
			command
		}, world);
		case "promote": return promote({
			...at,
			command
		}, world);
		case "rollback": return rollback({
			...at,
			command
		}, world);
		case "switch": return switchTraffic({
			...at,
			command
		}, world);
		case "plan": return plan({
			...at,
			command
		}, world);
		case "approve": return approve({
			...at,
			command
		}, world);
		case "reject": return reject({
			...at,
			command
		}, world);
		case "cancel": return cancel({
			...at,
			command
		}, world);
		case "lock": return lock({
			...at,
			command
		}, world);
		case "unlock": return unlock({
			...at,
			command
		}, world);
		case "pause":
		case "resume": return changePause({
			...at,
			command
		}, world);
	}
}
function isPlanOnly({ flags }) {
	return flags["plan-only"] === true;
}
/** `/deploy --plan-only` is `/plan`. */
function planOf(command) {
	const { "plan-only": _, force: __, stage: ___, "force-quarantined": ____, ...flags } = command.flags;
	return {
		...command,
		name: "plan",
		flags
	};
}
/** The text of a bug may hold anything, so people only learn that there was one. */
function tellable({ message, hint, next }) {
	if (next !== "bug") return {
		message,
		hint: hint ?? null
	};
	return {
		message: "Sallyport itself failed",
		hint: "Look at the log of the App."
	};
}
var ofTheMoment;
var init_issue_comment = __esmMin((() => {
	init_command_lines();
	init_parse_comment();
	init_errors$3();
	init_answer_markdown();
	init_answer();
	init_comment_style();
	init_approve();
	init_cancel();
	init_deploy$1();
	init_help();
	init_lock();
	init_plan$1();
	init_promote();
	init_reject();
	init_rollback$1();
	init_state();
	init_status$1();
	init_switch$1();
	init_unlock();
	init_named_bot();
	init_react();
	ofTheMoment = /* @__PURE__ */ new Set([
		"approve",
		"reject",
		"cancel"
	]);
}));
// src/app/button.ts
/**
* A button under a check run acts as the command does that this person could have typed: the same
* permission, gates and words. It is answered under the pull request, or in the check run itself
* where nobody commented for the deployment.
*/
async function handleButton(event, open) {
	const { deployment } = event;
	if (!event.isByPerson || deployment === null) return;
	const world = await open();
	const found = findDeployment(deployment, await world.reader.refresh());
	if (!found) return;
	const pressed = worldOfButton(found, world);
	const at = askedBy(event, found, pressed);
	await answering(at, pressed, () => press(event, found, at, pressed));
	await showDeployment(deployment, world);
}
async function press({ identifier }, found, at, world) {
	const { verb, digits } = readIdentifier(identifier);
	const command = commandOf(verb, digits, found.view.job);
	if (!command) return;
	if (checkActions(found).some((action) => verbOf(action) === verb)) return run$7(command, at, world);
	await requireMay({
		...at,
		command
	}, world);
	throw new SallyportError({
		code: "button_is_old",
		message: `Deployment ${found.view.deployment} is ${found.view.state} now, which this button is not for`,
		hint: `/status ${found.view.job.environment}`,
		exit: exitCodes.refused
	});
}
/** What the person could have typed; `null` where we made no such button. */
function commandOf(verb, digits, { environment }) {
	const words = {
		line: 0,
		flags: {},
		params: {},
		inputs: {},
		ref: null,
		sha: null,
		environment
	};
	switch (verb) {
		case "approve": return planDigits.test(digits) ? {
			...words,
			name: "approve",
			params: { digest: digits }
		} : null;
		case "reject": return {
			...words,
			name: "reject"
		};
		case "cancel": return {
			...words,
			name: "cancel"
		};
		case "rollback": return {
			...words,
			name: "rollback"
		};
		case "switch": return {
			...words,
			name: "switch",
			target: null
		};
		default: return null;
	}
}
function askedBy(event, { view }, world) {
	const { identifier, sender, checkRun } = event;
	const issue = view.job.reply?.issue ?? 0;
	return {
		event: {
			issue,
			isPull: issue !== 0,
			comment: 0,
			body: "",
			at: 0,
			author: sender,
			isByPerson: true
		},
		words: `${readIdentifier(identifier).verb} ${view.job.environment}, a button pressed by ${sender.login}`,
		answer: new Answer$1(world.github, issue),
		deployment: view.deployment,
		button: `button:${world.repository.id}:${checkRun}:${identifier}`
	};
}
/** There is no comment to react to; and where there is no thread either, the check run is the answer. */
function worldOfButton({ view }, world) {
	const { surfaces } = world.followUps;
	const react = () => Promise.resolve();
	if (view.job.reply) return {
		...world,
		github: {
			...world.github,
			react
		}
	};
	const note = (body) => {
		surfaces.notices.set(view.deployment, body);
		return Promise.resolve(view.deployment);
	};
	const github = {
		...world.github,
		react,
		say: (_, body) => note(body),
		edit: async (_, body) => void await note(body)
	};
	return {
		...world,
		github
	};
}
var verbOf, planDigits;
var init_button$1 = __esmMin((() => {
	init_errors$3();
	init_answer();
	init_check_actions();
	init_find_deployment();
	init_issue_comment();
	init_person();
	init_show_deployment();
	verbOf = ({ identifier }) => readIdentifier(identifier).verb;
	planDigits = /^[0-9a-f]{8,64}$/;
}));
// src/deploy/replaced.ts
/**
* What a deployment that brought its commit took the place of, so that GitHub shows it as `inactive`:
* the last one before it that did, and what was staged or of one target alone since. What is only
* staged replaces nothing.
*/
function replacedBy(view, deployments) {
	if (!isGood(view)) return [];
	const place = deployments.findIndex(({ deployment }) => deployment === view.deployment);
	const before = deployments.slice(0, Math.max(0, place)).filter(({ job, state }) => state === "completed" && changesTargets(job.operation));
	return before.slice(Math.max(0, before.findLastIndex(isGood)));
}
var init_replaced = __esmMin((() => {
	init_completed();
	init_job();
}));
// src/app/closings.ts
/**
* What to show GitHub after a status came in: the state that the fold reached where the status
* says another, and `inactive` for the deployment that this one replaced. Deployments that
* are not over are left to the hosts, whose next record shows them.
*/
function closingsAfter(view, environment, shown) {
	if (!view.over) return [];
	const should = finalState(view, environment);
	const own = {
		deployment: view.deployment,
		state: should,
		description: should === "inactive" ? "replaced" : view.reason === "staged" ? "staged" : view.state
	};
	return [...should === shown ? [] : [own], ...replacedIn(view, environment)];
}
function finalState(view, { lastGood }) {
	return view.state === "completed" && changesTargets(view.job.operation) && lastGood !== null && lastGood.deployment > view.deployment ? "inactive" : githubStates[view.state];
}
function replacedIn(view, environment) {
	if (environment.lastGood?.deployment !== view.deployment) return [];
	const description = `replaced by deployment ${view.deployment}`;
	return replacedBy(view, environment.deployments).map(({ deployment }) => ({
		deployment,
		state: "inactive",
		description
	}));
}
var init_closings = __esmMin((() => {
	init_replaced();
	init_job();
	init_deployment();
}));
// src/deploy/taken-by-hand.ts
/** What would still wait in idle slots, had people not acted on the hosts themselves; oldest first. */
function takenByHand({ deployments, staged }) {
	const left = new Set(staged.map(({ view }) => view));
	return foldStaged(deployments, []).flatMap(({ view }) => left.has(view) ? [] : [view]);
}
var init_taken_by_hand = __esmMin((() => {
	init_fold_staged();
}));
// src/app/show-taken.ts
/**
* Shows anew what people on a host took out of its slot: the host says so on its newest deployment,
* so that no status of its own tells of it. Nothing is written twice.
*/
async function showTaken(environment, world) {
	for (const { deployment } of takenByHand(environment)) await showDeployment(deployment, world);
}
var init_show_taken = __esmMin((() => {
	init_taken_by_hand();
	init_show_deployment();
}));
// src/app/deployment-status.ts
/** A status of a deployment: what is ours is folded again, and shown in the command's answer. */
async function handleDeploymentStatus(event, open) {
	if (event.task !== "sallyport") return;
	const world = await open();
	const { deployment, state } = event;
	for (const pauseMs of [0, ...pausesMs]) {
		if (pauseMs > 0) await world.clock.sleep(pauseMs);
		world.reader.hear(deployment);
		let isSeen = !ends.includes(state);
		let within = null;
		await showDeployment(deployment, world, async ({ view, environment }) => {
			within = environment;
			isSeen ||= view.over;
			for (const closing of closingsAfter(view, environment, state)) {
				await world.ledger.show(closing.deployment, closing.state, closing.description);
				if (closing.deployment !== deployment) await showDeployment(closing.deployment, world);
			}
		});
		if (within !== null) await showTaken(within, world);
		if (isSeen) return;
	}
}
var pausesMs, ends;
var init_deployment_status = __esmMin((() => {
	init_closings();
	init_show_deployment();
	init_show_taken();
	pausesMs = [
		1e3,
		2e3,
		4e3,
		8e3
	];
	ends = [
		"success",
		"failure",
		"error"
	];
}));
// src/app/events/account.ts
var Account$1;
var init_account = __esmMin((() => {
	init_zod();
	Account$1 = object({
		id: int(),
		login: string()
	});
}));
// src/app/events/button.ts
var Button, readButton;
var init_button = __esmMin((() => {
	init_zod();
	init_account();
	Button = object({
		check_run: object({
			id: int(),
			external_id: string().nullable()
		}),
		requested_action: object({ identifier: string().max(20) }),
		sender: Account$1.extend({ type: string() })
	}).transform(({ check_run, requested_action, sender }) => ({
		deployment: /^[1-9]\d{0,15}$/.test(check_run.external_id ?? "") ? Number(check_run.external_id) : null,
		checkRun: check_run.id,
		identifier: requested_action.identifier,
		sender: {
			id: sender.id,
			login: sender.login
		},
		isByPerson: sender.type === "User"
	}));
	readButton = (payload) => Button.parse(payload);
}));
// src/app/events/checks.ts
var CheckSuite, CommitStatus, readCheckSuite, readCommitStatus;
var init_checks$1 = __esmMin((() => {
	init_zod();
	init_job();
	init_account();
	CheckSuite = object({
		check_suite: object({
			head_sha: Sha,
			head_branch: string().nullable()
		}),
		sender: Account$1
	}).transform(({ check_suite, sender }) => ({
		sha: check_suite.head_sha,
		branches: check_suite.head_branch === null ? [] : [check_suite.head_branch],
		sender: {
			id: sender.id,
			login: sender.login
		}
	}));
	CommitStatus = object({
		sha: Sha,
		state: string(),
		branches: array(object({
			name: string(),
			commit: object({ sha: Sha })
		})),
		sender: Account$1
	}).transform(({ sha, state, branches, sender }) => ({
		sha,
		branches: state === "success" ? branches.filter(({ commit }) => commit.sha === sha).map(({ name }) => name) : [],
		sender: {
			id: sender.id,
			login: sender.login
		}
	}));
	readCheckSuite = (payload) => CheckSuite.parse(payload);
	readCommitStatus = (payload) => CommitStatus.parse(payload);
}));
// src/app/events/comment.ts
var Comment$1, readComment;
var init_comment = __esmMin((() => {
	init_zod();
	init_account();
	Comment$1 = object({
		issue: object({
			number: int(),
			pull_request: unknown().optional()
		}),
		comment: object({
			id: int(),
			body: string().nullable(),
			created_at: datetime({ offset: true }),
			user: Account$1.extend({ type: string() }).nullable()
		})
	}).transform(({ issue, comment }) => ({
		issue: issue.number,
		isPull: issue.pull_request !== void 0 && issue.pull_request !== null,
		comment: comment.id,
		body: comment.body ?? "",
		at: Date.parse(comment.created_at),
		author: {
			id: comment.user?.id ?? 0,
			login: comment.user?.login ?? "ghost"
		},
		isByPerson: comment.user?.type === "User"
	}));
	readComment = (payload) => Comment$1.parse(payload);
}));
// src/app/events/merge.ts
var Closed$1, readMerge;
var init_merge$1 = __esmMin((() => {
	init_zod();
	init_job();
	init_account();
	Closed$1 = object({
		number: int(),
		pull_request: object({
			merged: boolean().nullish(),
			merge_commit_sha: Sha.nullable(),
			base: object({ ref: string() }),
			user: object({ login: string() }).nullable()
		}),
		sender: Account$1
	}).transform(({ number, pull_request, sender }) => {
		const { merged, merge_commit_sha: sha, base, user } = pull_request;
		if (merged !== true || sha === null) return null;
		return {
			pull: number,
			into: base.ref,
			sha,
			author: user?.login ?? "ghost",
			sender: {
				id: sender.id,
				login: sender.login
			}
		};
	});
	readMerge = (payload) => Closed$1.parse(payload);
}));
// src/app/events/protection-rule.ts
var callback, Rule$3, readRule;
var init_protection_rule$1 = __esmMin((() => {
	init_zod();
	init_job();
	callback = /\/actions\/runs\/([1-9]\d{0,15})\/deployment_protection_rule\/?$/u;
	Rule$3 = object({
		environment: string().min(1).max(255),
		deployment_callback_url: string().max(2048),
		deployment: object({ sha: Sha }).nullish(),
		sender: object({ login: string() })
	}).transform(({ environment, deployment_callback_url, deployment, sender }) => {
		const [, run] = callback.exec(deployment_callback_url) ?? [];
		return {
			environment,
			run: run === void 0 ? null : Number(run),
			sha: deployment?.sha ?? null,
			actor: sender.login
		};
	});
	readRule = (payload) => Rule$3.parse(payload);
}));
// src/app/events/pull-request.ts
var Closed, readPullClosed;
var init_pull_request = __esmMin((() => {
	init_zod();
	init_account();
	Closed = object({
		pull_request: object({
			number: int(),
			merged: boolean(),
			closed_at: datetime({ offset: true })
		}),
		sender: Account$1
	}).transform(({ pull_request, sender }) => ({
		number: pull_request.number,
		isMerged: pull_request.merged,
		at: pull_request.closed_at,
		sender: {
			id: sender.id,
			login: sender.login
		}
	}));
	readPullClosed = (payload) => Closed.parse(payload);
}));
// src/app/events/push.ts
var Push, readPush;
var init_push$1 = __esmMin((() => {
	init_zod();
	init_job();
	init_account();
	Push = object({
		ref: string(),
		deleted: boolean(),
		after: Sha,
		head_commit: object({ id: Sha }).nullable(),
		sender: Account$1,
		commits: array(object({ author: object({ username: string().max(100).nullish().catch(null) }).nullish() })).nullish()
	}).transform(({ ref, deleted, after, head_commit, sender, commits }) => ({
		ref,
		sha: deleted ? null : head_commit?.id ?? after,
		sender: {
			id: sender.id,
			login: sender.login
		},
		writers: (commits ?? []).flatMap(({ author }) => author?.username ?? [])
	}));
	readPush = (payload) => Push.parse(payload);
}));
// src/app/events/release.ts
var Release, readRelease;
var init_release$1 = __esmMin((() => {
	init_zod();
	init_account();
	Release = object({
		release: object({
			tag_name: string(),
			prerelease: boolean()
		}),
		sender: Account$1
	}).transform(({ release, sender }) => ({
		tag: release.tag_name,
		isPrerelease: release.prerelease,
		sender: {
			id: sender.id,
			login: sender.login
		}
	}));
	readRelease = (payload) => Release.parse(payload);
}));
// src/app/events/status.ts
var Status$2, readStatus;
var init_status = __esmMin((() => {
	init_zod();
	Status$2 = object({
		deployment: object({
			id: int(),
			task: string()
		}),
		deployment_status: object({ state: string() })
	}).transform(({ deployment, deployment_status }) => ({
		deployment: deployment.id,
		task: deployment.task,
		state: deployment_status.state
	}));
	readStatus = (payload) => Status$2.parse(payload);
}));
// src/policy/forward.ts
/**
* What comes by itself never goes back in history: a push that arrives late, or a
* branch that was reset, must not undo a newer deployment. People may go back.
* `relation` is `null` where the environment has no deployment yet.
*/
function judgeForward(environment, sha, relation) {
	if (relation !== "behind") return openGate("forward", relation ?? "first", `Commit ${sha.slice(0, 7)} does not go back`);
	return closedGate("forward", "goes_back", `Commit ${sha.slice(0, 7)} is older than what ${environment} was last told to run`, `To go back on purpose, type: /deploy ${environment} @${sha}`);
}
var init_forward = __esmMin((() => {
	init_gate();
}));
// src/policy/trigger.ts
/** `refs/heads/…` and `refs/tags/…`; `null` for every other ref. */
function pushedRef(ref) {
	if (ref.startsWith("refs/heads/")) return {
		kind: "branch",
		name: ref.slice(11)
	};
	if (ref.startsWith("refs/tags/")) return {
		kind: "tag",
		name: ref.slice(10)
	};
	return null;
}
function triggers(trigger, ref) {
	return matchesAnyRef(ref.kind === "branch" ? trigger.branches : trigger.tags, ref.name);
}
var init_trigger = __esmMin((() => {
	init_ref_pattern();
}));
// src/app/push.ts
/** A push: a job for each environment whose `trigger` it matches, where `sync` is `auto`. */
async function handlePush(event, open) {
	const ref = pushedRef(event.ref);
	if (!ref || !event.sha) return;
	const world = await open();
	const policy = await policyOrNull(world);
	if (!policy) return;
	const { sha, sender, writers = [] } = event;
	await deployTo(triggered((trigger) => triggers(trigger, ref), policy, world), {
		ref,
		sha,
		sender,
		authors: [.../* @__PURE__ */ new Set([sender.login, ...writers])].slice(0, 100),
		policy
	}, world);
}
/**
* Checks of a commit ended: environments that were waiting for them take the branches that still
* stand there. The job is the one of the push, so that it is made once.
*/
async function handleChecks(event, open) {
	if (event.branches.length === 0) return;
	const world = await open();
	const policy = await policyOrNull(world);
	if (!policy) return;
	const { sha, sender } = event;
	for (const name of event.branches) {
		const ref = {
			kind: "branch",
			name
		};
		const waiting = triggered((trigger) => triggers(trigger, ref), policy, world).filter((environment) => policy.config.environments[environment]?.require.checks !== "none");
		if (waiting.length === 0) continue;
		if ((await world.github.ref("branch", name))?.sha !== sha) continue;
		const pushers = (await world.github.pushes(name)).flatMap(({ login }) => login ?? []);
		await deployTo(waiting, {
			ref,
			sha,
			sender,
			authors: [.../* @__PURE__ */ new Set([sender.login, ...pushers])].slice(0, 100),
			policy
		}, world);
	}
}
/** A job for each of the environments, where its gates let it through; why not, stands in the log. */
async function deployTo(environments, pushed, world) {
	for (const environment of environments) await deployPushed({
		...pushed,
		environment
	}, world).catch((error) => onlyLog(error, world));
}
/** Nobody typed a push's command, so what its author must mend stands in the log. */
function onlyLog(error, { repository, log }) {
	if (!(error instanceof SallyportError) || error.next !== "user") throw error;
	const { message, hint } = error;
	log.warn("a push cannot be deployed", {
		repository: repository.url,
		error: message,
		hint
	});
}
async function deployPushed(pushed, world) {
	const { ref, sha, sender, authors, environment, policy } = pushed;
	const { repository, github, log } = world;
	const [{ gates, flags }, declared] = await Promise.all([judge$2(pushed, world), readDeclared(github, sha)]);
	const closed = firstClosed(gates);
	if (closed) {
		log.info("a push was not deployed", {
			environment,
			sha,
			gate: closed.name,
			why: closed.message
		});
		return;
	}
	const { deployment } = await issueJob({
		operation: "deploy",
		cause: `push:${fullName(ref)}:${sha}:${environment}`,
		repository: repository.id,
		environment,
		sha,
		ref: ref.name,
		policy: policy.sha,
		...resolveFor(policy, declared, environment),
		flags: {
			...flags,
			auto: true
		},
		actor: sender,
		authors: [...authors],
		gates: gates.map(({ name, open, reason }) => ({
			name,
			open,
			reason
		})),
		reply: null
	}, world);
	await supersede(deployment, world);
}
function fullName({ kind, name }) {
	return `refs/${kind === "branch" ? "heads" : "tags"}/${name}`;
}
async function judge$2({ ref, sha, environment, policy }, world) {
	const { github, reader, repository } = world;
	const rules = rulesOf$1(environment, policy, "deploy");
	const admitted = admittedRefs(rules.require.refs, repository.defaultBranch);
	const found = begun(readGithubRules(environment, rules, github));
	const { environments, now } = await reader.refresh();
	const newest = environments.get(environment)?.desired;
	const relation = newest ? await github.relation(newest.job.sha, sha) : null;
	const byGithub = await applyGithubRules({
		environment,
		rules,
		now,
		found
	}, {
		sha,
		place: ref
	}, world);
	return {
		gates: [
			judgePushedRef({
				environment,
				sha,
				admitted
			}, ref),
			judgeForward(environment, sha, relation),
			...byGithub.gates,
			await judgeChecksOf(sha, rules, world)
		],
		flags: byGithub.flags
	};
}
/** The environments whose `trigger` fits, and which take what comes by itself. */
function triggered(fits, { config }, { repository, log }) {
	return Object.entries(config.environments).filter(([, environment]) => fits(triggerOf(environment, repository.defaultBranch))).filter(([name, { sync }]) => {
		if (sync === "manual") log.info("a push waits for a person", { environment: name });
		return sync === "auto";
	}).map(([name]) => name);
}
/** A repository without a valid policy is none of ours. */
async function policyOrNull(world) {
	try {
		return await readPolicy(world.github, world.repository.defaultBranch);
	} catch (error) {
		if (!(error instanceof SallyportError && error.code === "policy_missing")) onlyLog(error, world);
		return null;
	}
}
var init_push = __esmMin((() => {
	init_issue();
	init_errors$3();
	init_forward();
	init_gate();
	init_refs$1();
	init_trigger();
	init_begun();
	init_configuration();
	init_github_rules();
	init_judge_checks();
	init_refuse();
	init_supersede();
}));
// src/app/merge.ts
/**
* A pull request was merged into the default branch: its merge goes to each environment whose
* `trigger` has `merges`, unless the newest deployment that completed there had the same files.
*/
async function handleMerge(event, open) {
	if (!event) return;
	const world = await open();
	const { sha, into, sender, author } = event;
	if (into !== world.repository.defaultBranch) return;
	const policy = await policyOrNull(world);
	if (!policy) return;
	const wanted = triggered(({ merges }) => merges, policy, world);
	const environments = [];
	for (const environment of wanted) {
		if (await isThereAlready(event, environment, world)) continue;
		environments.push(environment);
	}
	await deployTo(environments, {
		ref: {
			kind: "branch",
			name: into
		},
		sha,
		sender,
		authors: [.../* @__PURE__ */ new Set([sender.login, author])],
		policy
	}, world);
}
async function isThereAlready({ sha, pull }, environment, { github, reader, log }) {
	const { environments } = await reader.refresh();
	const view = environments.get(environment);
	const good = view && newestCompleted(view);
	if (!good || !isGood(good)) return false;
	const [merged, live] = await Promise.all([github.commitFacts(sha), github.commitFacts(good.job.sha)]);
	if (merged === null || merged.tree !== live?.tree) return false;
	log.info("a merge was not deployed: its files are deployed already", {
		environment,
		sha,
		pull,
		deployment: good.deployment
	});
	return true;
}
var init_merge = __esmMin((() => {
	init_completed();
	init_find_completed();
	init_push();
}));
// src/app/release.ts
/**
* A release was published: its tag goes to each environment whose `trigger` has `releases`. The job
* is the one that the push of the tag makes, so that it is made once. A prerelease starts nothing.
*/
async function handleRelease({ tag, isPrerelease, sender }, open) {
	if (isPrerelease) return;
	const world = await open();
	const policy = await policyOrNull(world);
	if (!policy) return;
	const environments = triggered(({ releases }) => releases, policy, world);
	if (environments.length === 0) return;
	const found = await world.github.ref("tag", tag);
	if (!found) {
		world.log.warn("a release without a tag cannot be deployed", { tag });
		return;
	}
	const ref = {
		kind: "tag",
		name: tag
	};
	const authors = [sender.login];
	await deployTo(environments, {
		ref,
		sha: found.sha,
		sender,
		authors,
		policy
	}, world);
}
var init_release = __esmMin((() => {
	init_push();
}));
// src/report/rule-comment.ts
/** Markdown; of the same facts always the same words. */
function ruleComment({ message, hint, opensAt }) {
	const at = opensAt === null ? "" : ` It opens at ${new Date(opensAt).toISOString()}.`;
	const text = `${prose(message)}.${at}${hint === null ? "" : ` ${prose(hint)}`}`;
	return text.length <= maxComment ? text : `${text.slice(0, 1023)}…`;
}
var maxComment;
var init_rule_comment = __esmMin((() => {
	init_escape();
	maxComment = 1024;
}));
// src/app/judge-run.ts
/**
* Holds the deployment of a workflow against the gates of the environment. Sallyport has no plan
* of it that people could approve: where approvals are required, those count that the newest
* deployment of this very commit by Sallyport was given there, whole and not taken back.
*/
function judgeRunOf(environment, { sha, actor }, policy, reading) {
	if (!policy.config.environments[environment]) return {
		state: "rejected",
		gate: noRules(environment)
	};
	const newest = (reading.environments.get(environment)?.deployments ?? []).findLast(({ job }) => job.operation === "deploy" && job.sha === sha);
	const approvals = newest !== void 0 && isWhole$1(newest.job) && !refused$1.has(newest.state) ? approvalsOf(newest).approvals : [];
	const gate = firstClosed(judgeRun(environment, {
		sha,
		actor
	}, approvals, policy, reading).map((each) => inWordsOfRuns(each, environment, sha)));
	if (!gate) return {
		state: "approved",
		gate: null
	};
	return {
		state: isRefusal(gate) || gate.name === "external" ? "rejected" : "waiting",
		gate
	};
}
function noRules(environment) {
	return closedGate("policy", "environment_unknown", `The default branch has no rules for ${environment}`, `Add ${environment} to .github/sallyport.yml, or take this rule off the environment on GitHub.`);
}
function inWordsOfRuns(gate, environment, sha) {
	if (gate.open) return gate;
	const short = sha.slice(0, 7);
	if (gate.name === "approvals") {
		const message = `${environment} wants approvals, which commit ${short} does not have there`;
		const hint = `Type \`/deploy ${environment} @${short}\` in a pull request or issue and have its plan approved; an administrator may also bypass this rule on GitHub.`;
		return {
			...gate,
			message,
			hint
		};
	}
	if (gate.name === "external") {
		const message = `${environment} asks others on its hosts (require.external), which a workflow does not run on`;
		return {
			...gate,
			message,
			hint: "Deploy there with Sallyport, or take this rule off."
		};
	}
	return gate;
}
var refused$1;
var init_judge_run = __esmMin((() => {
	init_approvals$1();
	init_job();
	init_gate();
	init_judge_gates();
	init_gate_facts();
	refused$1 = /* @__PURE__ */ new Set([
		"rejected",
		"cancelled",
		"superseded"
	]);
}));
// src/app/retry-delivery.ts
/** A handler throws it where a delivery is to be acted on again later, however often that is. */
function notYet(message, retryAfterMs) {
	return new SallyportError({
		code: waiting,
		message,
		next: "retry",
		retryAfterMs
	});
}
var waiting;
var init_retry_delivery = __esmMin((() => {
	init_errors$3();
	waiting = "not_yet";
}));
// src/app/protection-rule.ts
/**
* A job of a workflow waits for Sallyport: its gates are judged at once. While one is closed that
* opens again, the delivery is not done with: it is put off, and judged anew.
*/
async function handleProtectionRule({ run, environment, sha, actor }, open) {
	if (run === null || sha === null) return;
	try {
		await answerRun({
			run,
			environment,
			sha,
			actor
		}, await open());
	} catch (error) {
		const { next, message, retryAfterMs = 0 } = asSallyportError(error);
		if (next !== "retry") throw error;
		throw notYet(message, Math.max(shortestMs$1, retryAfterMs));
	}
}
async function answerRun(wanted, world) {
	const { github, clock, log, answers } = world;
	const { run, environment } = wanted;
	const place = `rule ${world.repository.id} ${run} ${environment}`;
	const now = clock.now();
	const known = await recall(place, answers);
	const { since, told, count } = known ?? {
		since: now,
		told: "",
		count: 0
	};
	const { state, gate } = await judge$1(wanted, world);
	const comment = gate ? ruleComment({
		...gate,
		opensAt: gate.opensAt ?? null
	}) : `The gates of ${environment} are open.`;
	const isWaiting = state === "waiting";
	if (!(isWaiting && (comment === told || count >= maxTold))) {
		const answer = {
			run,
			environment,
			state: isWaiting ? null : state,
			comment
		};
		const isHeard = await github.answerRule(answer);
		log.info("a workflow was answered", {
			run,
			environment,
			state,
			gate: gate?.name ?? null
		});
		if (!isHeard || !isWaiting) {
			if (known) await answers?.keep(place, "");
			return;
		}
		const kept = {
			since,
			told: comment,
			count: count + 1
		};
		await answers?.keep(place, JSON.stringify(kept));
	}
	if (now - since > patienceMs$1) return;
	const againInMs = Math.min(longestMs$1, Math.max(shortestMs$1, (now - since) / 30));
	throw notYet(`waits: ${comment}`, againInMs);
}
async function recall(place, answers) {
	const text = await answers?.recall(place);
	return text ? Waiting.parse(JSON.parse(text)) : null;
}
/** A policy that its people must mend closes, and says so; whatever passes by itself is thrown. */
async function judge$1(wanted, world) {
	const { github, reader, repository } = world;
	try {
		const [policy, reading] = await Promise.all([readPolicy(github, repository.defaultBranch), reader.refresh()]);
		return judgeRunOf(wanted.environment, wanted, policy, reading);
	} catch (error) {
		if (!(error instanceof SallyportError) || !mendable.includes(error.code)) throw error;
		const { code, message, hint = null } = error;
		return {
			state: "rejected",
			gate: {
				name: "policy",
				open: false,
				reason: code,
				message,
				hint
			}
		};
	}
}
var maxTold, shortestMs$1, longestMs$1, patienceMs$1, Waiting, mendable;
var init_protection_rule = __esmMin((() => {
	init_zod();
	init_errors$3();
	init_rule_comment();
	init_configuration();
	init_judge_run();
	init_retry_delivery();
	maxTold = 9;
	[shortestMs$1, longestMs$1] = [6e4, 6e5];
	patienceMs$1 = 2592e6;
	Waiting = object({
		since: number(),
		told: string(),
		count: int()
	});
	mendable = ["policy_missing", "config_invalid"];
}));
// src/app/pull-closed.ts
/**
* A pull request was merged or closed: its locks end, and environments that it keeps are free again,
* also where its deployment is still under way. Once, however often GitHub tells of it.
*/
async function handlePullClosed({ number, isMerged, at, sender }, open) {
	const world = await open();
	const { environments } = await world.reader.refresh();
	for (const view of environments.values()) {
		const source = heldFor(number, view);
		if (!source) continue;
		const { environment, sha, policy } = source;
		await issueJob(stateDraft({
			operation: "unlock",
			environment,
			sha,
			policy,
			actor: sender,
			params: {
				pull: String(number),
				reason: `pull request ${number} was ${isMerged ? "merged" : "closed"}`
			},
			cause: `pull:${world.repository.id}:${number}:${at}:${environment}`,
			repository: world.repository.id,
			reply: null
		}), world);
	}
}
/** The job by which the pull request keeps the environment, or will; `undefined` where there is none. */
function heldFor(number, { deployments, facts, running, queue, lastGood }) {
	if (facts.lock?.pull === number) return deployments.findLast(({ job }) => job.operation === "lock")?.job ?? lastGood?.job;
	return [
		...facts.heldByPull?.pull === number ? [keeperOf(deployments)] : [],
		running,
		...queue
	].find((view) => view?.job.flags["pull"] === String(number))?.job;
}
var init_pull_closed = __esmMin((() => {
	init_act();
	init_fold_pull_hold();
	init_issue();
}));
// src/app/handlers.ts
var handlers_exports = /* @__PURE__ */ __exportAll({ handlers: () => handlers });
var handlers;
var init_handlers = __esmMin((() => {
	init_button$1();
	init_deployment_status();
	init_button();
	init_checks$1();
	init_comment();
	init_merge$1();
	init_protection_rule$1();
	init_pull_request();
	init_push$1();
	init_release$1();
	init_status();
	init_issue_comment();
	init_merge();
	init_release();
	init_protection_rule();
	init_pull_closed();
	init_push();
	handlers = {
		"issue_comment.created": (payload, open) => handleIssueComment(readComment(payload), open),
		push: (payload, open) => handlePush(readPush(payload), open),
		"release.published": (payload, open) => handleRelease(readRelease(payload), open),
		"check_run.requested_action": (payload, open) => handleButton(readButton(payload), open),
		"pull_request.closed": async (payload, open) => {
			await handlePullClosed(readPullClosed(payload), open);
			await handleMerge(readMerge(payload), open);
		},
		"check_suite.completed": (payload, open) => handleChecks(readCheckSuite(payload), open),
		status: (payload, open) => handleChecks(readCommitStatus(payload), open),
		"deployment_protection_rule.requested": (payload, open) => handleProtectionRule(readRule(payload), open),
		"deployment_status.created": (payload, open) => handleDeploymentStatus(readStatus(payload), open)
	};
}));
// src/app/act-on.ts
var act_on_exports = /* @__PURE__ */ __exportAll({
	actOn: () => actOn,
	handlersOf: () => handlersOf,
	isHandled: () => isHandled
});
/** Whether anything is done about such an event; what is not need not be written down. */
function isHandled(delivery) {
	return handlersOf(delivery).length > 0 && !isIdleTalk(delivery);
}
/** Most comments hold no command, and a busy repository has many: none of them is worth a disk's sync. */
function isIdleTalk({ event, payload }) {
	const comment = event === "issue_comment" ? CommentText.safeParse(payload).data?.comment : null;
	if (!comment) return false;
	const { commands, errors } = parseComment(comment.body ?? "");
	return commands.length === 0 && errors.length === 0;
}
/** Runs the handlers of an event. A world is opened only by one that has something to do. */
async function actOn(delivery, worlds) {
	const { payload } = delivery;
	try {
		for (const handle of handlersOf(delivery)) await handle(payload, async () => worlds.open(readSource(payload)));
	} catch (error) {
		throw error instanceof ZodError ? notAsPromised(delivery, error) : error;
	}
}
/** It stands in the list of deliveries, so it is a line. */
function notAsPromised({ event }, cause) {
	const wrong = cause.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
	return new SallyportError({
		code: "payload_unexpected",
		message: `On ${event} GitHub said something else than it promises (${wrong.join("; ")})`,
		next: "bug",
		cause
	});
}
/** Those of an event and its action, which may be none. */
function handlersOf({ event, payload }) {
	const action = typeof payload === "object" && payload !== null && "action" in payload ? payload.action : null;
	return (typeof action === "string" ? [event, `${event}.${action}`] : [event]).flatMap((name) => Object.hasOwn(handlers, name) ? handlers[name] : []);
}
var CommentText;
var init_act_on = __esmMin((() => {
	init_zod();
	init_parse_comment();
	init_errors$3();
	init_source();
	init_handlers();
	CommentText = object({ comment: object({ body: string().nullable() }) });
}));
// action/follow.ts
/** How it stood when it was over, or when the time was up. */
async function follow(deployment, reader, { clock, log }, timeoutMs, onChange = () => Promise.resolve()) {
	const began = clock.now();
	let last = "";
	for (let pause = shortestMs;; pause = Math.min(pause * 1.5, longestMs)) {
		const reading = await reader.refresh();
		const view = findDeployment(deployment, reading)?.view;
		const words = view ? inWords(view) : "";
		if (view && words !== last) {
			log.info(`deployment ${deployment}: ${words}`);
			await onChange(view);
			pause = shortestMs;
		}
		last = words;
		const waited = clock.now() - began;
		if (view && (view.over || waited >= timeoutMs)) return {
			view,
			reading
		};
		if (!view && waited >= patienceMs) throw notFound(deployment);
		await clock.sleep(pause);
	}
}
/** `applying`, `pending (outside window)` */
function inWords({ state, reason }) {
	return reason === "none" ? state : `${state} (${reason.replaceAll("_", " ")})`;
}
function exitOf({ over, state }) {
	if (!over) return exitCodes.stillRunning;
	return good.includes(state) ? exitCodes.done : exitCodes.failed;
}
function notFound(deployment) {
	return new SallyportError({
		code: "deployment_not_found",
		message: `There is no deployment ${deployment} that this key signed for this repository.`,
		hint: "Give the output `deployment` of the step that made it, and the key that signed it.",
		exit: exitCodes.notFound
	});
}
var patienceMs, shortestMs, longestMs, good;
var init_follow = __esmMin((() => {
	init_find_deployment();
	init_errors$3();
	patienceMs = 15e3;
	[shortestMs, longestMs] = [500, 5e3];
	good = ["completed", "skipped"];
}));
// action/keep-showing.ts
var keep_showing_exports = /* @__PURE__ */ __exportAll({ keepShowing: () => keepShowing });
/**
* Follows what a comment asked for to its end, and keeps the answers up to date: what an App does
* when GitHub tells it of a status. Ends quietly when the time is up.
*/
async function keepShowing(comment, world, showStatus, step) {
	const timeoutMs = await durationInput(step.inputs, "timeout");
	const cause = `comment:${world.repository.id}:${comment}:`;
	const { environments } = await world.reader.refresh();
	const asked = [...environments.values()].flatMap(({ deployments }) => deployments).filter(({ job }) => job.cause.startsWith(cause));
	await Promise.all(asked.map(async ({ deployment }) => {
		const show = (view) => showStatus(statusEvent(view), () => Promise.resolve(world));
		await follow(deployment, world.reader, step, timeoutMs, show);
	}));
}
/** What of GitHub's event is read. */
function statusEvent({ deployment, state }) {
	return {
		action: "created",
		deployment: {
			id: deployment,
			task: "sallyport"
		},
		deployment_status: { state: githubStates[state] }
	};
}
var init_keep_showing = __esmMin((() => {
	init_deployment();
	init_follow();
	init_inputs();
}));
// src/adapters/github-http/answer-error.ts
/** What an answer that is not a success means for the caller. `what` was asked: `GET /repos/…`. */
function answerError(answer, what) {
	const { status } = answer;
	const words = refusalWords(answer);
	const facts = `GitHub answered ${status} to ${what}${words ? `: ${words}` : ""}`;
	if (isRateLimit(answer, words)) return new SallyportError({
		code: "github_rate_limited",
		message: `${facts}.`,
		next: "retry",
		exit: exitCodes.unreachable,
		retryAfterMs: waitNamed(answer) ?? unnamedWaitMs
	});
	if (status >= 500 || status === 408) return new SallyportError({
		code: "github_unavailable",
		message: `${facts}.`,
		hint: "See https://www.githubstatus.com",
		next: "retry",
		exit: exitCodes.unreachable,
		retryAfterMs: waitNamed(answer)
	});
	return new SallyportError({
		...refusal$1(status),
		message: `${facts}.`
	});
}
/** GitHub's own words for a refusal, field errors included; empty where it gave none. */
function refusalWords({ text }) {
	const parsed = Refusal.safeParse(parseJson(text));
	if (!parsed.success) return "";
	const { message = "", errors } = parsed.data;
	return (errors === void 0 ? message : `${message} ${JSON.stringify(errors)}`).slice(0, 500);
}
function parseJson(text) {
	try {
		return JSON.parse(text);
	} catch {
		return;
	}
}
function refusal$1(status) {
	if (status === 401) return {
		code: "github_unauthorized",
		hint: "The token is wrong or has expired: give a valid one (SALLYPORT_GITHUB_TOKEN or credentials.token_file).",
		exit: exitCodes.refused
	};
	if (status === 403) return {
		code: "github_forbidden",
		hint: "Give the token the permission \"Deployments: read and write\" on this repository.",
		exit: exitCodes.refused
	};
	if (status === 404 || status === 410) return {
		code: "github_not_found",
		hint: "Check the name of the repository, and that the token may see it.",
		exit: exitCodes.notFound
	};
	return {
		code: "github_refused",
		hint: void 0,
		exit: exitCodes.failed
	};
}
function isRateLimit({ status, headers }, words) {
	if (status === 429) return true;
	if (status !== 403) return false;
	return headers["retry-after"] !== void 0 || headers["x-ratelimit-remaining"] === "0" || /rate limit|abuse/iu.test(words);
}
/** How long the answer asks to wait, by the server's own clock where it names an hour. */
function waitNamed({ headers }) {
	const now = Date.parse(headers["date"] ?? "") || Date.now();
	const after = headers["retry-after"];
	if (after !== void 0) {
		const ms = /^\d+$/u.test(after) ? Number(after) * 1e3 : Date.parse(after) - now;
		if (Number.isFinite(ms)) return Math.max(1e3, ms);
	}
	const reset = Number(headers["x-ratelimit-reset"] ?? NaN) * 1e3;
	if (headers["x-ratelimit-remaining"] !== "0" || Number.isNaN(reset)) return void 0;
	return Math.max(1e3, reset - now);
}
var Refusal, unnamedWaitMs;
var init_answer_error = __esmMin((() => {
	init_zod();
	init_errors$3();
	Refusal = object({
		message: string().optional(),
		errors: unknown().optional()
	});
	unnamedWaitMs = 6e4;
}));
// \0late:node:http
var Agent$1, request$1;
var init__late_node_http = __esmMin((() => {
	({Agent: Agent$1, request: request$1} = process.getBuiltinModule("node:http"));
}));
// \0late:node:https
var _late_node_https_exports = /* @__PURE__ */ __exportAll({
	Agent: () => Agent,
	request: () => request
});
var Agent, request;
var init__late_node_https = __esmMin((() => {
	({Agent, request} = process.getBuiltinModule("node:https"));
}));
// src/adapters/github-http/send.ts
/**
* Sends requests over connections that it keeps: `node:http` and `node:https` only, since the
* global `fetch` costs an idle agent 26 MB. Rejects with the system's error (`code`), with
* `ETIMEDOUT`, or with the reason of the signal; never for a status. Follows no redirect.
*/
function createSend() {
	const plain = {
		request: request$1,
		agent: new Agent$1(kept)
	};
	let tls;
	return async (asked, signal) => exchange(asked.url.protocol === "https:" ? await (tls ??= openTls()) : plain, asked, signal);
}
/** TLS is 4 MB of memory: it is loaded once somebody needs it. */
async function openTls() {
	const { Agent, request } = await Promise.resolve().then(() => (init__late_node_https(), _late_node_https_exports));
	return {
		request,
		agent: new Agent(kept)
	};
}
function exchange(way, asked, signal) {
	const { method, url, headers, body, timeoutMs } = asked;
	return new Promise((resolve, reject) => {
		if (signal?.aborted) return reject(signal.reason);
		const request = way.request(url, {
			method,
			headers: {
				...headers,
				...lengthOf(body)
			},
			agent: way.agent
		});
		const leave = () => void request.destroy(signal?.reason);
		const timer = setTimeout(() => request.destroy(failure$1("ETIMEDOUT")), timeoutMs);
		const finish = () => {
			clearTimeout(timer);
			signal?.removeEventListener("abort", leave);
		};
		signal?.addEventListener("abort", leave, { once: true });
		const fail = (error) => {
			finish();
			reject(signal?.aborted ? signal.reason : error);
		};
		request.on("error", fail);
		request.on("response", (response) => {
			readText(response).then((text) => {
				finish();
				resolve({
					status: response.statusCode ?? 0,
					headers: headersOf(response),
					text
				});
			}, fail);
		});
		request.end(body);
	});
}
async function readText(response) {
	const chunks = [];
	let length = 0;
	for await (const chunk of response) {
		length += chunk.length;
		if (length > maxBytes) throw failure$1("EMSGSIZE");
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString("utf8");
}
function headersOf(response) {
	return Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]));
}
function lengthOf(body) {
	return body === void 0 ? {} : { "content-length": Buffer.byteLength(body) };
}
function failure$1(code) {
	return Object.assign(new Error(code), { code });
}
var maxBytes, idleMs, kept;
var init_send = __esmMin((() => {
	init__late_node_http();
	maxBytes = 16777216;
	idleMs = 2e4;
	kept = {
		keepAlive: true,
		timeout: idleMs
	};
}));
// src/adapters/github-http/understand.ts
/** Reads an answer of `what`. Errors: `github_odd_answer` (retry). */
function understand(answer, what) {
	const { status, headers, text } = answer;
	const json = status === 304 ? null : parseJson(text);
	const now = Date.parse(headers["date"] ?? "");
	if (json === void 0 || Number.isNaN(now)) throw new SallyportError({
		code: "github_odd_answer",
		message: `The answer to ${what} is not JSON with a date: is there a proxy in between?`,
		next: "retry",
		exit: exitCodes.unreachable
	});
	return {
		status,
		json,
		etag: headers["etag"],
		next: nextOf(headers["link"]),
		now
	};
}
function nextOf(link) {
	return /<([^<>]+)>\s*;[^,<]*\brel="?next\b/u.exec(link ?? "")?.[1] ?? null;
}
var init_understand = __esmMin((() => {
	init_errors$3();
	init_answer_error();
}));
// src/adapters/github-http/client.ts
function isSuccess({ status }) {
	return status >= 200 && status < 300;
}
function isUncertain({ code, cause }) {
	if (code === "github_odd_answer") return true;
	return code === "github_unreachable" && !neverSent.includes(cause.code);
}
function unreachable(url, error) {
	const { code, message } = error;
	return new SallyportError({
		code: "github_unreachable",
		message: `${url.host} could not be reached: ${code ?? message}.`,
		hint: `Try it from this machine: curl -I ${url.origin}`,
		next: "retry",
		exit: exitCodes.unreachable,
		cause: error
	});
}
var neverSent, readTries, GithubClient;
var init_client = __esmMin((() => {
	init_errors$3();
	init_answer_error();
	init_send();
	init_understand();
	neverSent = [
		"ECONNREFUSED",
		"ENOTFOUND",
		"EAI_AGAIN",
		"ENETUNREACH",
		"EHOSTUNREACH"
	];
	readTries = 3;
	GithubClient = class {
		#options;
		#send;
		#base;
		constructor(options, send = createSend()) {
			this.#options = options;
			this.#send = send;
			this.#base = new URL(`${options.apiUrl.replace(/\/+$/u, "")}/`);
		}
		/** `path` is under the API's URL (`repos/acme/shop/…`), or a whole URL as `next` gave it. */
		async get(path, etag, signal) {
			const url = this.#urlOf(path);
			const answer = await this.#follow("GET", url, etag ? { "if-none-match": etag } : {}, void 0, signal);
			const what = `GET ${url.pathname}`;
			if (!isSuccess(answer) && answer.status !== 304) throw answerError(answer, what);
			return understand(answer, what);
		}
		/** Never rejects but for the signal, the token, and what was certainly not written. */
		async post(path, body, signal) {
			const url = this.#urlOf(path);
			const what = `POST ${url.pathname}`;
			try {
				const text = JSON.stringify(body);
				const answer = await this.#follow("POST", url, { "content-type": "application/json" }, text, signal);
				if (isSuccess(answer)) return {
					kind: "done",
					answer: understand(answer, what)
				};
				const error = answerError(answer, what);
				return error.code === "github_unavailable" ? {
					kind: "uncertain",
					error
				} : {
					kind: "refused",
					answer,
					error
				};
			} catch (error) {
				if (!(error instanceof SallyportError) || !isUncertain(error)) throw error;
				return {
					kind: "uncertain",
					error
				};
			}
		}
		async #follow(method, url, headers, body, signal) {
			const request = {
				method,
				headers: {
					accept: "application/vnd.github+json",
					authorization: `Bearer ${await this.#options.token()}`,
					"user-agent": "sallyport",
					"x-github-api-version": "2022-11-28",
					...headers
				},
				body,
				timeoutMs: this.#options.timeoutMs ?? 3e4
			};
			let at = url;
			for (let hops = 0;; hops += 1) {
				const answer = await this.#sendOnce({
					...request,
					url: at
				}, signal);
				const { location } = answer.headers;
				if (![
					301,
					302,
					307,
					308
				].includes(answer.status) || !location || hops === 3) return answer;
				at = this.#urlOf(new URL(location, at).href);
			}
		}
		async #sendOnce(request, signal) {
			for (let tries = 1;; tries += 1) try {
				return await this.#send(request, signal);
			} catch (error) {
				if (signal?.aborted) throw error;
				if (!(error.code === "ECONNRESET") || request.method !== "GET" || tries === readTries) throw unreachable(request.url, error);
			}
		}
		#urlOf(path) {
			const url = new URL(path, this.#base);
			if (url.origin === this.#base.origin && url.pathname.startsWith(this.#base.pathname)) return url;
			throw new SallyportError({
				code: "github_odd_answer",
				message: `${url.href} is not under ${this.#base.href}, so it gets no token.`,
				next: "stalled"
			});
		}
	};
}));
// src/adapters/ledger/github/recent.ts
var Recent;
var init_recent = __esmMin((() => {
	Recent = class {
		#limit;
		#values = /* @__PURE__ */ new Map();
		constructor(limit) {
			this.#limit = limit;
		}
		get(key) {
			return this.#values.get(key);
		}
		set(key, value) {
			this.#values.delete(key);
			this.#values.set(key, value);
			const [oldest] = this.#values.keys();
			if (this.#values.size > this.#limit) this.#values.delete(oldest);
		}
		delete(key) {
			this.#values.delete(key);
		}
	};
}));
// src/adapters/ledger/github/lists.ts
function listIn(json, url) {
	if (Array.isArray(json)) return json;
	throw new SallyportError({
		code: "github_odd_answer",
		message: `GitHub's answer to GET ${url} is not a list.`,
		next: "retry",
		exit: exitCodes.unreachable
	});
}
var rememberedPages, Lists;
var init_lists = __esmMin((() => {
	init_errors$3();
	init_recent();
	rememberedPages = 100;
	Lists = class {
		#client;
		#pages = new Recent(rememberedPages);
		constructor(client) {
			this.#client = client;
		}
		/** `url` is a path under the API or a page's `next`. */
		async page(url, signal) {
			const known = this.#pages.get(url);
			const answer = await this.#client.get(url, known?.etag, signal);
			if (answer.status === 304 && known) {
				this.#pages.set(url, known);
				return {
					items: known.items,
					next: known.next,
					now: answer.now,
					unchanged: true
				};
			}
			const items = listIn(answer.json, url);
			const { etag, next, now } = answer;
			const unchanged = known !== void 0 && JSON.stringify(known.items) === JSON.stringify(items);
			this.#pages.set(url, {
				etag,
				items,
				next
			});
			return {
				items,
				next,
				now,
				unchanged
			};
		}
		/** The whole list, as one page. */
		async all(url, signal) {
			const first = await this.page(url, signal);
			const items = [...first.items];
			let { next, unchanged } = first;
			while (next !== null) {
				const page = await this.page(next, signal);
				items.push(...page.items);
				unchanged &&= page.unchanged;
				next = page.next;
			}
			return {
				items,
				next: null,
				now: first.now,
				unchanged
			};
		}
	};
}));
// src/adapters/ledger/github/plan-checks.ts
/** It is neither good nor bad news: a plan must not turn a commit red or green. */
function bodyOf({ name, sha, digest, title, summary, text }) {
	return {
		name,
		head_sha: sha,
		external_id: digest,
		status: "completed",
		conclusion: "neutral",
		output: {
			title,
			summary,
			...text === null ? {} : { text }
		}
	};
}
var remembered, PlanChecks;
var init_plan_checks = __esmMin((() => {
	init_errors$3();
	init_recent();
	remembered = 200;
	PlanChecks = class {
		#client;
		#path;
		#log;
		#written = new Recent(remembered);
		#isRefused = false;
		constructor(client, repository, log) {
			this.#client = client;
			this.#path = `repos/${repository}/check-runs`;
			this.#log = log;
		}
		/**
		* Writes one, once. A plan is for people: whatever goes wrong is told and passed over, and a token
		* that may not write is not tried again. Rejects only with the signal's reason.
		*/
		async write(note, signal) {
			const key = `${note.sha} ${note.name} ${note.digest}`;
			if (this.#isRefused || this.#written.get(key)) return;
			try {
				const outcome = await this.#client.post(this.#path, bodyOf(note), signal);
				if (outcome.kind === "done") {
					this.#written.set(key, true);
					return;
				}
				const { status } = outcome.kind === "refused" ? outcome.answer : { status: 0 };
				this.#isRefused = status === 403 || status === 404;
				this.#tell(outcome.error.message);
			} catch (error) {
				signal?.throwIfAborted();
				this.#tell(asSallyportError(error).message);
			}
		}
		#tell(message) {
			const hint = this.#isRefused ? "To show plans the token needs `checks: write`, which only those of GitHub Apps can have." : null;
			this.#log?.warn("a plan could not be shown as a check run", {
				message,
				hint
			});
		}
	};
}));
// src/adapters/ledger/github/description.ts
/** Words for people, as GitHub takes them: a program's last line may be among them. */
function describe(words) {
	const characters = Array.from(words.replace(refused, "�"));
	return characters.length <= maxLength ? characters.join("") : `${characters.slice(0, 139).join("")}…`;
}
/** A description that is the record itself; `null` where it is too long for one. */
function descriptionWith(token) {
	const bytes = Buffer.from(token, "base64url");
	if (bytes.length > 136 || bytes.toString("base64url") !== token) return null;
	return mark$1 + String.fromCodePoint(...[...bytes].map((byte) => firstPattern + byte));
}
/** The record in a description; `null` where there is none. */
function recordInDescription(description) {
	const [, patterns] = recordPattern$1.exec(description) ?? [];
	if (patterns === void 0) return null;
	const bytes = Array.from(patterns, (pattern) => pattern.codePointAt(0) - firstPattern);
	return Buffer.from(bytes).toString("base64url");
}
var maxLength, mark$1, firstPattern, recordPattern$1, refused;
var init_description = __esmMin((() => {
	maxLength = 140;
	mark$1 = "sp1.";
	firstPattern = 10240;
	recordPattern$1 = /^sp1\.([\u2800-\u28ff]{1,136})$/u;
	refused = /[\p{Cc}\u{10000}-\u{10FFFF}]/gu;
}));
// src/adapters/ledger/github/log-url.ts
/**
* The `log_url` of a status: the first of the links that leaves room for the record, and the
* record after it. `null` where not even the last one does. A link loses its own fragment:
* a URL has one.
*/
function logUrlWith(token, links) {
	const room = 249 - token.length;
	const link = links.map(withoutFragment).find((one) => one !== null && one.length <= room);
	return link ? `${link}${mark}${token}` : null;
}
/** The record in a `log_url`; `null` where there is none. */
function recordInLogUrl(url) {
	return recordPattern.exec(url)?.[1] ?? null;
}
function withoutFragment(link) {
	const url = URL.canParse(link) ? new URL(link) : null;
	if (url?.protocol !== "https:" && url?.protocol !== "http:") return null;
	url.hash = "";
	return url.href;
}
var mark, recordPattern;
var init_log_url = __esmMin((() => {
	mark = "#sp1.";
	recordPattern = /#sp1\.([\w-]{1,400})$/u;
}));
// src/adapters/ledger/github/read-entries.ts
/** A deployment of ours; `null` for anything else. */
function readJob(json) {
	const { data } = Deployment.safeParse(json);
	const at = Date.parse(data?.created_at ?? "");
	const token = data && tokenIn(data.payload);
	return token && !Number.isNaN(at) ? {
		deployment: data.id,
		token,
		at
	} : null;
}
/** A status that carries a record; `null` for anything else. */
function readRecord(json, deployment) {
	const { data } = Status$1.safeParse(json);
	const at = Date.parse(data?.created_at ?? "");
	if (!data || Number.isNaN(at)) return null;
	const { id, log_url, target_url, description } = data;
	const said = description ?? "";
	const linked = recordInLogUrl(log_url || target_url || "");
	const token = linked ?? recordInDescription(said);
	return token === null ? null : {
		id,
		deployment,
		token,
		words: linked === null ? "" : said,
		at
	};
}
/** What GitHub shows of a deployment, whoever wrote it: the state of its newest status. */
function newestState(statuses) {
	return statuses.flatMap((json) => Status$1.safeParse(json).data ?? []).toSorted((a, b) => b.id - a.id)[0]?.state ?? null;
}
/** An object, the same as text, or the bare token: GitHub gives back what it was given, proxies may not. */
function tokenIn(payload) {
	if (typeof payload === "string" && jws.test(payload)) return payload;
	const { data } = Payload.safeParse(typeof payload === "string" ? parseJson(payload) : payload);
	return data && jws.test(data.sallyport) ? data.sallyport : null;
}
var task, Deployment, Status$1, Payload, jws;
var init_read_entries = __esmMin((() => {
	init_zod();
	init_answer_error();
	init_description();
	init_log_url();
	task = "sallyport";
	Deployment = object({
		id: int().min(1),
		task: literal$1(task),
		payload: unknown(),
		created_at: string()
	});
	Status$1 = object({
		id: int().min(1),
		state: string(),
		description: string().nullish(),
		log_url: string().nullish(),
		target_url: string().nullish(),
		created_at: string()
	});
	Payload = object({ sallyport: string() });
	jws = /^[\w-]+\.[\w-]+\.[\w-]+$/u;
}));
// src/adapters/ledger/github/writes.ts
function stateOf({ state, environment, url }) {
	return {
		state,
		environment,
		auto_inactive: false,
		...url === void 0 ? {} : { environment_url: url }
	};
}
function answered(outcome) {
	return outcome.kind === "done" ? outcome.answer.json : null;
}
/** What GitHub took but gives back as something else would only be written over and over. */
function conclude(outcome, entry) {
	if (outcome.kind === "refused") throw outcome.error;
	if (outcome.kind === "uncertain") return outcome;
	if (entry) return {
		kind: "done",
		entry
	};
	throw new SallyportError({
		code: "github_odd_answer",
		message: "GitHub took an entry and gave back another one: its payload or description was changed.",
		next: "stalled"
	});
}
function isAboutLogUrl(outcome) {
	if (outcome.kind !== "refused" || outcome.answer.status !== 422) return false;
	return /log_url|target_url/u.test(refusalWords(outcome.answer));
}
/** Where people look: the API is on a host of its own, or under /api/v3. */
function siteOf(apiUrl) {
	const { origin, host, protocol } = new URL(apiUrl);
	return host.startsWith("api.") ? `${protocol}//${host.slice(4)}` : origin;
}
function tooLong(token) {
	return new SallyportError({
		code: "record_too_long",
		message: `GitHub took no link with a record of ${token.length} characters, and a description has no room for it.`,
		next: "bug"
	});
}
var GithubWrites;
var init_writes = __esmMin((() => {
	init_errors$3();
	init_answer_error();
	init_description();
	init_log_url();
	init_read_entries();
	GithubWrites = class {
		#client;
		#deployments;
		/** Links for people that are shorter than a record's own. */
		#shortLinks;
		/** The server refused a `log_url` with a record in it, or lost the record, so records go into descriptions. */
		#refusesLogUrl = false;
		constructor(client, { apiUrl, repository }) {
			const site = siteOf(apiUrl);
			this.#client = client;
			this.#deployments = `repos/${repository}/deployments`;
			this.#shortLinks = [
				`${site}/${repository}/deployments`,
				`${site}/${repository}`,
				site
			];
		}
		async publish(job, signal) {
			const body = {
				ref: job.sha,
				task,
				auto_merge: false,
				required_contexts: [],
				payload: { sallyport: job.token },
				environment: job.environment,
				description: describe(job.description)
			};
			const outcome = await this.#client.post(this.#deployments, body, signal);
			return conclude(outcome, readJob(answered(outcome)));
		}
		async append(record, signal) {
			const { deployment, token, link } = record;
			const links = [...link === void 0 ? [] : [link], ...this.#shortLinks];
			const logUrl = this.#refusesLogUrl ? null : logUrlWith(token, links);
			if (logUrl !== null) {
				const body = {
					log_url: logUrl,
					description: describe(record.description)
				};
				const outcome = await this.#status(deployment, {
					...stateOf(record),
					...body
				}, signal);
				const entry = readRecord(answered(outcome), deployment);
				if (!(outcome.kind === "done" && entry === null) && !isAboutLogUrl(outcome)) return conclude(outcome, entry);
				this.#refusesLogUrl = true;
			}
			const description = descriptionWith(token);
			if (description === null) throw tooLong(token);
			const outcome = await this.#status(deployment, {
				...stateOf(record),
				description
			}, signal);
			return conclude(outcome, readRecord(answered(outcome), deployment));
		}
		/** A second time does no harm, so what is uncertain is simply an error to retry. */
		async show(deployment, state, description, signal) {
			const body = {
				state,
				auto_inactive: false,
				description: describe(description)
			};
			const outcome = await this.#status(deployment, body, signal);
			if (outcome.kind !== "done") throw outcome.error;
		}
		#status(deployment, body, signal) {
			return this.#client.post(`${this.#deployments}/${deployment}/statuses`, body, signal);
		}
	};
}));
// src/adapters/ledger/github/write-surely.ts
/**
* Writes, and where nobody knows whether the write landed, looks before it writes again. What
* cannot be told in the end rejects with the write's error (retry); the caller must look first then.
*/
async function writeSurely({ write, find }, clock, signal) {
	for (let writes = 1;; writes += 1) {
		const outcome = await write();
		if (outcome.kind === "done") return outcome.entry;
		const found = await look(find, clock, signal);
		if (found) return found;
		if (writes === maxWrites) throw outcome.error;
	}
}
async function look(find, clock, signal) {
	let failure = null;
	for (const pauseMs of looksAfterMs) {
		await clock.sleep(pauseMs, signal);
		try {
			const found = await find();
			if (found) return found;
			failure = null;
		} catch (error) {
			signal?.throwIfAborted();
			failure = asSallyportError(error);
			if (failure.next !== "retry" || failure.retryAfterMs !== void 0) throw failure;
		}
	}
	if (failure) throw failure;
	return null;
}
var looksAfterMs, maxWrites;
var init_write_surely = __esmMin((() => {
	init_errors$3();
	looksAfterMs = [
		300,
		1200,
		3500
	];
	maxWrites = 3;
}));
// src/adapters/ledger/github/open-ledger.ts
/**
* The ledger in GitHub's Deployments and their statuses. `now` is GitHub's clock. Works with a
* token that may read and write deployments, of an agent or of the App's installation.
*/
function openGithubLedger(options) {
	return new GithubLedger(options);
}
var knownDeployments, GithubLedger;
var init_open_ledger = __esmMin((() => {
	init_client();
	init_lists();
	init_plan_checks();
	init_read_entries();
	init_recent();
	init_writes();
	init_write_surely();
	knownDeployments = 200;
	GithubLedger = class {
		#clock;
		#lists;
		#writes;
		#checks;
		#deployments;
		/** The records of a deployment by token, as read or written last. */
		#known = new Recent(knownDeployments);
		/** Tokens whose last write had no answer: look for them before they are written again. */
		#uncertain = /* @__PURE__ */ new Set();
		constructor(options) {
			const client = new GithubClient(options);
			this.#clock = options.clock;
			this.#lists = new Lists(client);
			this.#writes = new GithubWrites(client, options);
			this.#checks = new PlanChecks(client, options.repository, options.log);
			this.#deployments = `repos/${options.repository}/deployments`;
		}
		async jobs(older, signal) {
			const newest = `${this.#deployments}?task=${task}&per_page=100`;
			const { items, next, now, unchanged } = await this.#lists.page(older ?? newest, signal);
			return {
				jobs: items.flatMap((item) => readJob(item) ?? []).toSorted((a, b) => b.deployment - a.deployment),
				...next === null ? {} : { older: next },
				now,
				unchanged
			};
		}
		async records(deployment, signal) {
			const list = `${this.#deployments}/${deployment}/statuses?per_page=100`;
			const { items, now, unchanged } = await this.#lists.all(list, signal);
			const records = items.flatMap((item) => readRecord(item, deployment) ?? []).toSorted((a, b) => a.id - b.id);
			const known = this.#known.get(deployment) ?? /* @__PURE__ */ new Map();
			for (const record of records.toReversed()) known.set(record.token, record);
			this.#known.set(deployment, known);
			return {
				records,
				now,
				unchanged
			};
		}
		async publish(job, signal) {
			const { token } = job;
			const find = async () => (await this.jobs(void 0, signal)).jobs.findLast((seen) => seen.token === token) ?? null;
			if (this.#uncertain.has(token)) {
				const found = await find();
				if (found) return this.#published(found);
			}
			this.#uncertain.add(token);
			const write = () => this.#writes.publish(job, signal);
			return this.#published(await writeSurely({
				write,
				find
			}, this.#clock, signal));
		}
		async append(record, signal) {
			const { deployment, token } = record;
			const find = async () => {
				await this.records(deployment, signal);
				return this.#known.get(deployment)?.get(token) ?? null;
			};
			const before = this.#known.get(deployment) !== void 0 && !this.#uncertain.has(token) ? this.#known.get(deployment)?.get(token) : await find();
			if (before) return this.#appended(before);
			if (record.plan) await this.#checks.write(record.plan, signal);
			this.#uncertain.add(token);
			const write = () => this.#writes.append(record, signal);
			return this.#appended(await writeSurely({
				write,
				find
			}, this.#clock, signal));
		}
		async show(deployment, state, description, signal) {
			const list = `${this.#deployments}/${deployment}/statuses?per_page=100`;
			const { items } = await this.#lists.page(list, signal);
			if (newestState(items) !== state) await this.#writes.show(deployment, state, description, signal);
		}
		#appended(entry) {
			this.#uncertain.delete(entry.token);
			this.#known.get(entry.deployment)?.set(entry.token, entry);
			return entry;
		}
		#published(entry) {
			this.#uncertain.delete(entry.token);
			if (!this.#known.get(entry.deployment)) this.#known.set(entry.deployment, /* @__PURE__ */ new Map());
			return entry;
		}
	};
}));
// src/app/octokit/request.ts
function askAbout({ owner, name }, request) {
	return async (route, parameters = {}) => {
		try {
			const { data } = await request(route, {
				...route.includes("/repos/{owner}/{repo}") ? {
					owner,
					repo: name
				} : {},
				...parameters
			});
			return data;
		} catch (error) {
			throw explain(error, route);
		}
	};
}
/** The answer, or `null` where GitHub has no such thing (404) or cannot make sense of its name (422). */
async function orNull(answer) {
	try {
		return await answer;
	} catch (error) {
		if (error instanceof SallyportError && error.code === "github_not_found") return null;
		throw error;
	}
}
function explain(error, route) {
	const status = statusOf(error);
	if (status === 404 || status === 409 || status === 422) return new SallyportError({
		code: "github_not_found",
		message: `GitHub answered ${status} to ${route}`,
		exit: exitCodes.notFound,
		cause: error
	});
	if (status === 401 || status === 403) return new SallyportError({
		code: "github_refused",
		message: `GitHub refused ${route} (${status})`,
		hint: "Compare the permissions of the App and of its installation with app.yml.",
		cause: error
	});
	return new SallyportError({
		code: "github_unreachable",
		message: `GitHub could not be asked: ${route}${status ? ` (${status})` : ""}`,
		hint: "Type the command again in a minute.",
		next: "retry",
		exit: exitCodes.unreachable,
		cause: error
	});
}
function statusOf(error) {
	return typeof error === "object" && error !== null && "status" in error && typeof error.status === "number" ? error.status : null;
}
var init_request = __esmMin((() => {
	init_errors$3();
}));
// src/deploy/admit.ts
/** Lets into the log only what a trusted key signed and may say; everything else is dropped and named. */
function createAdmitter(trust) {
	const verified = /* @__PURE__ */ new Map();
	const goodRecords = /* @__PURE__ */ new Map();
	const keys = /* @__PURE__ */ new Map();
	const readJob = (token) => remember$1(verified, token, () => readTrustedJob(token, trust));
	const tools = {
		keyOf: (host) => remember$1(keys, host.key, () => readKey(host)),
		isGood: (token, key) => remember$1(goodRecords, `${key.id} ${token}`, () => verifyRecord(token, key))
	};
	return { async admit(jobs, records) {
		const dropped = [];
		const logged = [];
		for (const { deployment, token, at } of uniqueBy(jobs, (entry) => [entry.deployment, 0])) {
			const job = await readJob(token);
			if (job) logged.push({
				deployment,
				job,
				digest: jobDigest(token),
				at
			});
			else dropped.push({
				deployment,
				record: null,
				why: jobKeyId(token) ? "untrusted" : "not_ours"
			});
		}
		const byDeployment = new Map(logged.map((job) => [job.deployment, job]));
		const said = /* @__PURE__ */ new Set();
		const admitted = [];
		for (const entry of uniqueBy(records, (entry) => [entry.deployment, entry.id])) {
			const verdict = judge(entry, byDeployment.get(entry.deployment), trust, said, tools);
			if (typeof verdict === "string") dropped.push({
				deployment: entry.deployment,
				record: entry.id,
				why: verdict
			});
			else admitted.push(verdict);
		}
		return {
			log: {
				jobs: logged,
				records: admitted
			},
			dropped
		};
	} };
}
async function readTrustedJob(token, trust) {
	const id = jobKeyId(token);
	for (const { key, environments } of trust.app) {
		if (key.id !== id) continue;
		const job = await verifyJob(token, key);
		if (job?.repository === trust.repository && (environments === "all" || environments.includes(job.environment))) return job;
	}
	return null;
}
function judge(entry, job, trust, said, { keyOf, isGood }) {
	const wire = decodeRecord(entry.token);
	if (!wire) return "not_ours";
	if (wire.record.job !== (job && shortDigest(job.digest))) return "unknown_job";
	const signer = whoMaySay(wire, job, trust, keyOf);
	if (!signer) return "not_its_own";
	if (!isGood(entry.token, signer.key)) return "untrusted";
	const once = `${entry.deployment} ${wire.id}`;
	if (said.has(once)) return "repeated";
	said.add(once);
	const { id, deployment, at, words } = entry;
	return {
		id,
		deployment,
		record: wire.record,
		signer: signer.as,
		at,
		words
	};
}
/** The key that the record names, where that key may say such a thing of this job. */
function whoMaySay({ key, record }, { job, deployment }, trust, keyOf) {
	if (record.kind === "act") {
		const app = trust.app.find((known) => known.key.id === key && (known.environments === "all" || known.environments.includes(job.environment)));
		if (!app || record.state === "bound" && record.subject !== deployment) return null;
		return {
			key: app.key,
			as: { kind: "app" }
		};
	}
	if (record.kind === "host") {
		const host = job.roster[record.host];
		const own = host && keyOf(host)?.id === key ? keyOf(host) : null;
		return own ? {
			key: own,
			as: {
				kind: "host",
				host: host.name
			}
		} : null;
	}
	const hosts = job.targets[record.target]?.hosts;
	if (!hosts) return null;
	const place = record.kind === "unit" ? record.host : null;
	const speaker = (place === null ? job.roster : job.roster.slice(place, place + 1)).find((host) => keyOf(host)?.id === key);
	if (!speaker || (place === null ? hosts.length > 0 : !hosts.includes(speaker.name))) return null;
	return {
		key: keyOf(speaker),
		as: {
			kind: "host",
			host: speaker.name
		}
	};
}
/** `null` for a text that no key has: a policy may name one, and then that host cannot speak. */
function readKey(host) {
	try {
		return parsePublicKey(host.key);
	} catch {
		return null;
	}
}
/** In the order of their numbers, each once: the first of each is kept. */
function uniqueBy(entries, numbers) {
	const first = /* @__PURE__ */ new Map();
	for (const entry of entries) {
		const key = numbers(entry).join(" ");
		if (!first.has(key)) first.set(key, entry);
	}
	return [...first.values()].toSorted((a, b) => {
		const [[a1, a2], [b1, b2]] = [numbers(a), numbers(b)];
		return a1 - b1 || a2 - b2;
	});
}
function remember$1(memory, key, make) {
	const known = memory.get(key);
	if (known !== void 0) return known;
	const made = make();
	memory.set(key, made);
	return made;
}
var init_admit = __esmMin((() => {
	init_keys();
	init_job_codec();
	init_record_codec();
}));
// src/deploy/reading-depth.ts
/** The log of each environment by itself, so that folding one does not look at all the others. */
function spansOf(jobs, records, loaded) {
	const ofDeployment = Map.groupBy(records, ({ deployment }) => deployment);
	const spans = /* @__PURE__ */ new Map();
	for (const [name, own] of byEnvironment(jobs)) {
		const oldest = own.findIndex(({ deployment }) => loaded.has(deployment));
		if (oldest < 0) continue;
		const read = own.slice(oldest).filter(({ deployment }) => loaded.has(deployment));
		const said = read.flatMap(({ deployment }) => ofDeployment.get(deployment) ?? []);
		spans.set(name, {
			log: {
				jobs: read,
				records: said
			},
			earlier: own.slice(0, oldest)
		});
	}
	return spans;
}
/**
* The deployments whose records are to be read next: whatever is newer than the oldest that was
* read, and further back where an environment is not yet known well enough. Deployments of an
* environment run one after the other, so whatever is older than a completed one is over.
*/
function nextToLoad(jobs, loaded, environments, history) {
	return [...byEnvironment(jobs)].flatMap(([name, own]) => {
		const oldest = own.findIndex(({ deployment }) => loaded.has(deployment));
		const later = oldest < 0 ? [] : own.slice(oldest).filter(({ deployment }) => !loaded.has(deployment));
		const earlier = oldest < 0 ? own : own.slice(0, oldest);
		const isDeep = isKnownWell(environments.get(name), history);
		return [...later, ...isDeep ? [] : earlier.slice(-4)].map(({ deployment }) => deployment);
	});
}
function isKnownWell(view, history) {
	return view !== void 0 && view.isDeep && view.deployments.length >= history;
}
function byEnvironment(jobs) {
	return Map.groupBy(jobs, ({ job }) => job.environment);
}
var init_reading_depth = __esmMin((() => {}));
// src/deploy/reader.ts
var listenEveryMs, LedgerReader;
var init_reader = __esmMin((() => {
	init_errors$3();
	init_admit();
	init_fold_environment();
	init_reading_depth();
	listenEveryMs = 2e4;
	LedgerReader = class {
		#ledger;
		#admitter;
		#history;
		#jobs = /* @__PURE__ */ new Map();
		#records = /* @__PURE__ */ new Map();
		/** Deployments whose records were read at least once. */
		#loaded = /* @__PURE__ */ new Set();
		/** Deployments whose records need not be asked for again. */
		#closed = /* @__PURE__ */ new Set();
		/** The newest deployments of each environment that are over, on which hosts speak of themselves. */
		#spoken = /* @__PURE__ */ new Set();
		/** Of which somebody told that there is something new. */
		#heard = /* @__PURE__ */ new Set();
		#listenedAt = -Infinity;
		/** The ledger's clock at the last answer. */
		#now = 0;
		#last = null;
		/** How many entries the last reading was made of: one that came while it was made is not in it. */
		#folded = 0;
		constructor(ledger, trust, options = {}) {
			this.#ledger = ledger;
			this.#admitter = "admit" in trust ? trust : createAdmitter(trust);
			this.#history = options.history ?? 1;
		}
		/** Asks the ledger what is new. Rejects as the ledger does. */
		async refresh(signal) {
			const isListening = this.#now - this.#listenedAt >= listenEveryMs;
			const open = [...this.#loaded].filter((deployment) => !this.#closed.has(deployment) || this.#heard.has(deployment) || isListening && this.#spoken.has(deployment));
			const [now] = await Promise.all([this.#readJobs(signal), this.#readRecords(open, signal)]);
			for (const deployment of open) this.#heard.delete(deployment);
			if (isListening) this.#listenedAt = now;
			this.#now = now;
			if (this.#last && this.#size() === this.#folded) return {
				...this.#last,
				now,
				changed: false
			};
			for (;;) {
				const fold = await this.#fold(now);
				const { environments } = fold.reading;
				const more = nextToLoad(fold.jobs, this.#loaded, environments, this.#history);
				if (more.length === 0) return this.#show(fold);
				await this.#readRecords(more, signal);
			}
		}
		/** Somebody wrote on a deployment: the next reading asks for its records, be it over or not. */
		hear(deployment) {
			this.#heard.add(deployment);
		}
		/** Takes in what this process itself has just written, which the ledger may not show yet. */
		note(entry) {
			if ("id" in entry) this.#keep(entry);
			else {
				this.#keepJob(entry);
				this.#loaded.add(entry.deployment);
			}
		}
		/** Folds in what was noted, without asking the ledger; `null` before it has ever answered. */
		async refold() {
			if (!this.#last || this.#size() === this.#folded) return this.#last;
			return this.#show(await this.#fold(this.#now));
		}
		async #readJobs(signal) {
			let page = await this.#ledger.jobs(void 0, signal);
			const { now } = page;
			for (;;) {
				const isKnown = page.jobs.some(({ deployment }) => this.#loaded.has(deployment));
				for (const job of page.jobs) this.#keepJob(job);
				if (page.older === void 0 || isKnown) return now;
				page = await this.#ledger.jobs(page.older, signal);
			}
		}
		async #readRecords(deployments, signal) {
			const lists = await Promise.all(deployments.map((id) => this.#recordsOf(id, signal)));
			for (const record of lists.flat()) this.#keep(record);
			for (const deployment of deployments) this.#loaded.add(deployment);
		}
		/** None for a deployment that somebody deleted: one that is lost must not hide all the others. */
		async #recordsOf(deployment, signal) {
			try {
				return (await this.#ledger.records(deployment, signal)).records;
			} catch (error) {
				if (asSallyportError(error).exit === exitCodes.notFound) return [];
				throw error;
			}
		}
		/** Takes in what is known when it begins. */
		async #fold(now) {
			const size = this.#size();
			const [known, records] = [[...this.#jobs.values()], [...this.#records.values()]];
			const loaded = known.filter(({ deployment }) => this.#loaded.has(deployment));
			const { jobs } = (await this.#admitter.admit(known, [])).log;
			const { log, dropped } = await this.#admitter.admit(loaded, records);
			const environments = /* @__PURE__ */ new Map();
			for (const [name, span] of spansOf(jobs, log.records, this.#loaded)) environments.set(name, foldEnvironment(name, span.log, span.earlier));
			this.#closed.clear();
			this.#spoken.clear();
			for (const view of environments.values()) this.#close(view);
			return {
				reading: {
					log,
					now,
					changed: true,
					dropped,
					environments
				},
				jobs,
				size
			};
		}
		#show({ reading, size }) {
			this.#last = reading;
			this.#folded = size;
			return reading;
		}
		#close({ deployments, voided, desired, staged }) {
			if (desired) this.#spoken.add(desired.deployment);
			for (const { view } of staged) this.#spoken.add(view.deployment);
			const newest = deployments.flatMap(({ deployment, job }) => job.roster.map(({ name }) => [name, deployment]));
			for (const deployment of new Map(newest).values()) this.#spoken.add(deployment);
			for (const { deployment, over } of deployments) if (over) this.#closed.add(deployment);
			for (const { deployment } of voided) this.#closed.add(deployment);
		}
		#keepJob(job) {
			if (!this.#jobs.has(job.deployment)) this.#jobs.set(job.deployment, job);
		}
		#keep(record) {
			const key = `${record.deployment} ${record.id}`;
			if (!this.#records.has(key)) this.#records.set(key, record);
		}
		#size() {
			return this.#jobs.size + this.#records.size;
		}
	};
}));
// src/notify/receivers.ts
/** One item for each receiver that wants to know. */
function lettersFor(note, receivers) {
	return receivers.filter((receiver) => wants(receiver, note)).map((receiver) => {
		const address = addressOf$1(receiver);
		return {
			id: `${note.id} ${address}`,
			kind: kindOf(receiver),
			lane: `${address} ${note.repository.name} ${note.environment}`,
			body: JSON.stringify({
				note,
				receiver
			})
		};
	});
}
function kindOf(receiver) {
	if ("slack" in receiver) return "slack";
	if ("slack_token" in receiver) return "slack-thread";
	if ("webhook" in receiver) return "webhook";
	if ("mail" in receiver) return "mail";
	return "pagerduty" in receiver ? "pagerduty" : "teams";
}
function wants({ events, targets }, note) {
	return (targets === void 0 || targets.some((name) => note.targets.includes(name))) && events.some((event) => event === note.event);
}
/** Who it is, whatever it wants to know: a filter that is edited tells nothing twice. */
function addressOf$1(receiver) {
	const address = {
		...receiver,
		events: void 0,
		targets: void 0
	};
	return digestOf(JSON.stringify(address)).slice(7, 23);
}
var init_receivers = __esmMin((() => {
	init_zod();
	init_notify$1();
	init_digest();
	init_note();
	strictObject({
		note: Note,
		receiver: Notify
	});
}));
// src/notify/teller.ts
/** What cannot be handed over now is tried again with the next change of the same deployment. */
function createTeller({ outbox, receiversOf, log, wake, now }) {
	const told = /* @__PURE__ */ new Set();
	return async (note) => {
		if (told.has(note.id) || now() - note.at > freshMs) return;
		try {
			for (const letter of lettersFor(note, await receiversOf(note.environment))) if (await outbox.put(letter) === "new") wake();
			told.add(note.id);
			const [oldest] = told;
			if (told.size > capacity$3 && oldest !== void 0) told.delete(oldest);
		} catch (error) {
			const { code, message } = asSallyportError(error);
			const { event, environment, deployment } = note;
			log.warn("nobody could be told", {
				event,
				environment,
				deployment,
				code,
				message
			});
		}
	};
}
var freshMs, capacity$3;
var init_teller = __esmMin((() => {
	init_errors$3();
	init_receivers();
	freshMs = 216e5;
	capacity$3 = 2e3;
}));
// src/app/surfaces.ts
var Surfaces, capacity$2, Bounded;
var init_surfaces = __esmMin((() => {
	Surfaces = class {
		/** By deployment. */
		checks = new Bounded();
		/** What whoever pressed a button was told, by deployment, as Markdown. */
		notices = new Bounded();
		/** What of a deployment was shown last, by deployment. */
		shown = new Bounded();
		/** The labels of an environment as they were last set. */
		labels = new Bounded();
		style = null;
		/** When `style` is to be read again, in ms since 1970. */
		styleUntil = 0;
		/** GitHub refused check runs: none is tried before this time, in ms since 1970. */
		refusedUntil = 0;
	};
	capacity$2 = 500;
	Bounded = class extends Map {
		set(key, value) {
			this.delete(key);
			super.set(key, value);
			const [oldest] = this.keys();
			if (this.size > capacity$2 && oldest !== void 0) this.delete(oldest);
			return this;
		}
	};
}));
// src/app/follow-ups.ts
function remember(memory, key, value) {
	memory.delete(key);
	memory.set(key, value);
	const [oldest] = memory.keys();
	if (memory.size > capacity$1 && oldest !== void 0) memory.delete(oldest);
}
var FollowUps, capacity$1;
var init_follow_ups = __esmMin((() => {
	init_surfaces();
	FollowUps = class {
		surfaces = new Surfaces();
		#running = /* @__PURE__ */ new Map();
		#waiting = /* @__PURE__ */ new Map();
		#plans = /* @__PURE__ */ new Map();
		#shown = /* @__PURE__ */ new Map();
		/** Runs the task, after the one under way; joins one that waits already and will see the same. */
		run(deployment, task) {
			const waiting = this.#waiting.get(deployment);
			if (waiting) return waiting;
			const running = this.#running.get(deployment);
			if (!running) return this.#start(deployment, task);
			const next = running.catch(() => {}).then(() => {
				this.#waiting.delete(deployment);
				return this.#start(deployment, task);
			});
			this.#waiting.set(deployment, next);
			return next;
		}
		/** Keeps a plan that was read, by what the host signed of it. */
		keepPlan(key, plan) {
			remember(this.#plans, key, plan);
		}
		planOf(key) {
			return this.#plans.get(key);
		}
		/** Whether the comment does not say this already. */
		isNews(comment, body) {
			if (this.#shown.get(comment) === body) return false;
			remember(this.#shown, comment, body);
			return true;
		}
		#start(deployment, task) {
			const run = task().finally(() => {
				if (this.#running.get(deployment) === run) this.#running.delete(deployment);
			});
			this.#running.set(deployment, run);
			return run;
		}
	};
	capacity$1 = 500;
}));
// src/app/octokit/write-of.ts
var ranks;
var init_write_of = __esmMin((() => {
	ranks = {
		deployment: 0,
		comment: 1,
		courtesy: 2
	};
}));
// src/app/paced-ledger.ts
/** A ledger whose writes wait their turn among all others of the installation. */
function pacedLedger(ledger, writes) {
	return {
		jobs: (older, signal) => ledger.jobs(older, signal),
		records: (deployment, signal) => ledger.records(deployment, signal),
		publish: (job, signal) => writes.run(creates, () => ledger.publish(job, signal)),
		append: (record, signal) => writes.run(creates, () => ledger.append(record, signal)),
		show: (deployment, state, description, signal) => writes.run(creates, () => ledger.show(deployment, state, description, signal))
	};
}
var creates;
var init_paced_ledger = __esmMin((() => {
	init_write_of();
	creates = {
		rank: ranks.deployment,
		creates: true,
		key: null
	};
}));
// src/app/octokit/check-runs.ts
function writeCheckRuns(ask) {
	return {
		async findCheck({ sha, name, externalId }) {
			const { check_runs } = RunPage$1.parse(await ask("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", {
				ref: sha,
				check_name: name,
				filter: "all",
				per_page: 100
			}));
			const newest = check_runs.filter(({ external_id }) => external_id === externalId).toSorted((a, b) => b.id - a.id)[0];
			return newest ? {
				id: newest.id,
				isCompleted: newest.status === "completed"
			} : null;
		},
		async createCheck(check) {
			const made = await ask("POST /repos/{owner}/{repo}/check-runs", {
				name: check.name,
				head_sha: check.sha,
				external_id: check.externalId,
				...fieldsOf(check),
				request: { retries: 0 }
			});
			return Run$1.parse(made).id;
		},
		async updateCheck(id, check) {
			await ask("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", {
				check_run_id: id,
				...fieldsOf(check)
			});
		}
	};
}
function fieldsOf(check) {
	const { detailsUrl, status, conclusion, startedAt, title, summary, text, actions } = check;
	return {
		details_url: detailsUrl,
		started_at: startedAt,
		...conclusion === null ? { status } : {
			status,
			conclusion
		},
		output: {
			title,
			summary,
			...text === "" ? {} : { text }
		},
		actions
	};
}
var Run$1, RunPage$1;
var init_check_runs = __esmMin((() => {
	init_zod();
	Run$1 = object({
		id: int(),
		external_id: string().nullable(),
		status: string()
	});
	RunPage$1 = object({ check_runs: array(Run$1) });
}));
// src/app/octokit/checks.ts
function readChecks(ask) {
	return {
		async checksOf(sha) {
			const [runs, statuses] = await Promise.all([runsOf(ask, sha), statusesOf(ask, sha)]);
			const others = runs.found.filter(({ name }) => !name.startsWith(ours) && !isDeploymentCheck(name));
			const found = [...others.map(ofRun), ...statuses.found.map(ofStatus)];
			const left = runs.found.length - others.length;
			return {
				found,
				total: runs.total + statuses.total - left
			};
		},
		async requiredChecks(branch) {
			const [protection, rules] = await Promise.all([orNull(ask("GET /repos/{owner}/{repo}/branches/{branch}", { branch })), orNull(ask("GET /repos/{owner}/{repo}/rules/branches/{branch}", {
				branch,
				per_page: pageSize$2
			}))]);
			const read = Branch$1.safeParse(protection);
			const ruled = array(Rule$2).max(99).safeParse(rules);
			if (!read.success || !ruled.success) return null;
			const byProtection = read.data.protection.required_status_checks;
			const required = [...byProtection?.checks ?? byProtection?.contexts.map((context) => ({ context })) ?? [], ...ruled.data.flatMap(({ type, parameters }) => type === "required_status_checks" ? parameters?.required_status_checks ?? [] : [])];
			return array(Required).parse(required).map(requiredCheck);
		},
		async checkTexts(sha, prefix) {
			const { found } = await runsOf(ask, sha, "all");
			return found.flatMap(({ name, output }) => name.startsWith(prefix) && output.text !== null ? [output.text] : []);
		}
	};
}
function requiredCheck({ context, app_id, integration_id }) {
	const app = app_id ?? integration_id ?? null;
	return {
		name: context,
		app: app === -1 ? null : app
	};
}
async function runsOf(ask, sha, filter = "latest") {
	return everyPage(async (page) => {
		const parameters = {
			ref: sha,
			filter,
			per_page: pageSize$2,
			page
		};
		const { check_runs, total_count } = RunPage.parse(await ask("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", parameters));
		return {
			found: check_runs,
			total: total_count
		};
	});
}
async function statusesOf(ask, sha) {
	return everyPage(async (page) => {
		const parameters = {
			ref: sha,
			per_page: pageSize$2,
			page
		};
		const { statuses, total_count } = StatusPage.parse(await ask("GET /repos/{owner}/{repo}/commits/{ref}/status", parameters));
		return {
			found: statuses,
			total: total_count
		};
	});
}
async function everyPage(read) {
	const all = [];
	for (let page = 1;; page += 1) {
		const { found, total } = await read(page);
		all.push(...found);
		const isLast = found.length < pageSize$2 || page === maxPages$1;
		if (all.length >= total || isLast) return {
			found: all,
			total
		};
	}
}
function ofRun({ id, name, status, conclusion, started_at, app, check_suite }) {
	const startedAt = started_at === null ? null : Date.parse(started_at);
	return {
		name,
		app: app?.id ?? null,
		suite: check_suite?.id ?? null,
		kind: "check-run",
		status,
		conclusion,
		startedAt,
		id
	};
}
function ofStatus({ id, context, state, created_at }) {
	return {
		name: context,
		app: null,
		suite: null,
		kind: "status",
		status: state,
		conclusion: null,
		startedAt: Date.parse(created_at),
		id
	};
}
var pageSize$2, maxPages$1, ours, Instant, Run, RunPage, Status, StatusPage, Required, Branch$1, Rule$2;
var init_checks = __esmMin((() => {
	init_zod();
	init_deployment_check();
	init_request();
	pageSize$2 = 100;
	maxPages$1 = 10;
	ours = "sallyport/plan (";
	Instant = datetime({ offset: true });
	Run = object({
		id: int(),
		name: string(),
		status: string(),
		conclusion: string().nullable(),
		started_at: Instant.nullable(),
		app: object({ id: int() }).nullable(),
		check_suite: object({ id: int() }).nullable(),
		output: object({ text: string().nullable() })
	});
	RunPage = object({
		total_count: int(),
		check_runs: array(Run)
	});
	Status = object({
		id: int(),
		context: string(),
		state: string(),
		created_at: Instant
	});
	StatusPage = object({
		total_count: int(),
		statuses: array(Status)
	});
	Required = object({
		context: string(),
		app_id: int().nullish(),
		integration_id: int().nullish()
	});
	Branch$1 = object({ protection: object({
		enabled: boolean(),
		required_status_checks: object({
			contexts: array(string()),
			checks: array(Required).optional()
		}).optional()
	}) });
	Rule$2 = object({
		type: string(),
		parameters: object({ required_status_checks: array(Required).optional() }).optional()
	});
}));
// src/app/octokit/conversation.ts
function converse(ask) {
	return {
		async say(issue, body) {
			const comment = await ask("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
				issue_number: issue,
				body,
				request: { retries: 0 }
			});
			return Comment.parse(comment).id;
		},
		async edit(comment, body) {
			await ask("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", {
				comment_id: comment,
				body
			});
		},
		async react(comment, reaction) {
			await ask("POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions", {
				comment_id: comment,
				content: reaction
			});
		}
	};
}
var Comment;
var init_conversation = __esmMin((() => {
	init_zod();
	Comment = object({ id: int() });
}));
// src/app/octokit/environments.ts
/** Reads GitHub's environments (needs `actions: read`). */
function readEnvironments(ask, { owner }) {
	return { async environmentRules(name) {
		try {
			const answer = await orNull(ask("GET /repos/{owner}/{repo}/environments/{environment_name}", { environment_name: name }));
			return answer === null ? null : await rulesOf(Environment.parse(answer), name, ask, owner);
		} catch (error) {
			if (error instanceof SallyportError && error.code === "github_refused") return "unread";
			throw error;
		}
	} };
}
async function rulesOf({ protection_rules: rules, deployment_branch_policy: policy }, name, ask, owner) {
	return {
		reviewers: rules.flatMap(({ reviewers }) => reviewers ?? []).map((one) => ofReviewer(one, owner)),
		preventSelfReview: rules.some((rule) => rule.prevent_self_review === true),
		waitMinutes: Math.max(0, ...rules.map(({ wait_timer }) => wait_timer ?? 0)),
		refs: policy ? await refsOf(policy.custom_branch_policies, name, ask) : null
	};
}
function ofReviewer(one, organization) {
	if (one.type === "Team") return {
		kind: "team",
		organization,
		slug: one.reviewer.slug
	};
	return {
		kind: "user",
		id: one.reviewer.id,
		login: one.reviewer.login
	};
}
/** Custom patterns, or the names of the protected branches. What was not read admits nothing. */
async function refsOf(isCustom, name, ask) {
	if (!isCustom) return {
		branches: Branches.parse(await ask("GET /repos/{owner}/{repo}/branches", {
			protected: true,
			per_page: pageSize$1
		})).map((branch) => branch.name),
		tags: []
	};
	const { branch_policies: all } = Policies.parse(await ask("GET /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies", {
		environment_name: name,
		per_page: pageSize$1
	}));
	const namesOf = (type) => all.filter((one) => one.type === type).map(({ name: pattern }) => pattern);
	return {
		branches: namesOf("branch"),
		tags: namesOf("tag")
	};
}
var Reviewer, Rule$1, Environment, Policies, Branches, pageSize$1;
var init_environments = __esmMin((() => {
	init_zod();
	init_errors$3();
	init_request();
	Reviewer = discriminatedUnion("type", [object({
		type: literal$1("User"),
		reviewer: object({
			id: int(),
			login: string()
		})
	}), object({
		type: literal$1("Team"),
		reviewer: object({ slug: string() })
	})]);
	Rule$1 = object({
		type: string(),
		wait_timer: int().min(0).optional(),
		prevent_self_review: boolean().optional(),
		reviewers: array(Reviewer).optional()
	});
	Environment = object({
		protection_rules: array(Rule$1).default([]),
		deployment_branch_policy: object({
			protected_branches: boolean(),
			custom_branch_policies: boolean()
		}).nullish()
	});
	Policies = object({ branch_policies: array(object({
		name: string(),
		type: _enum(["branch", "tag"]).default("branch")
	})) });
	Branches = array(object({ name: string() }));
	pageSize$1 = 100;
}));
// src/app/octokit/files.ts
function readFiles(ask) {
	return { async file(path, sha) {
		const answer = await orNull(ask("GET /repos/{owner}/{repo}/contents/{path}", {
			path,
			ref: sha
		}));
		if (answer === null) return null;
		const file = File$1.safeParse(answer);
		if (!file.success || file.data.encoding !== "base64") throw new SallyportError({
			code: "config_invalid",
			message: `${path} at ${sha.slice(0, 7)} is not a file of at most 1 MiB`,
			hint: "Check it with: sallyport validate"
		});
		return Buffer.from(file.data.content, "base64").toString("utf8");
	} };
}
var File$1;
var init_files = __esmMin((() => {
	init_zod();
	init_errors$3();
	init_request();
	File$1 = object({
		type: literal$1("file"),
		encoding: string(),
		content: string(),
		size: number()
	});
}));
// src/app/octokit/labels.ts
function writeLabels(ask) {
	return {
		async addLabel(issue, label) {
			await ask("POST /repos/{owner}/{repo}/issues/{issue_number}/labels", {
				issue_number: issue,
				labels: [label]
			});
		},
		async removeLabel(issue, label) {
			await orNull(ask("DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}", {
				issue_number: issue,
				name: label
			}));
		}
	};
}
var init_labels = __esmMin((() => {
	init_request();
}));
// src/app/octokit/people.ts
function readPermissions(ask) {
	return { async permissionOf({ id, login }) {
		const answer = await orNull(ask("GET /repos/{owner}/{repo}/collaborators/{username}/permission", { username: login }));
		const held = Answer.safeParse(answer);
		if (!held.success || held.data.user?.id !== id) return "none";
		const { permission, role_name: role } = held.data;
		return permission === "write" && role === "maintain" ? "maintain" : permission;
	} };
}
function readTeams(ask) {
	return { async isInTeam({ login }, org, team_slug) {
		const answer = await orNull(ask("GET /orgs/{org}/teams/{team_slug}/memberships/{username}", {
			org,
			team_slug,
			username: login
		}));
		const membership = Membership.safeParse(answer);
		return membership.success && membership.data.state === "active";
	} };
}
var Answer, Membership;
var init_people = __esmMin((() => {
	init_zod();
	init_request();
	Answer = object({
		permission: _enum([
			"none",
			"read",
			"write",
			"admin"
		]).catch("none"),
		role_name: string().optional(),
		user: object({ id: number() }).nullable()
	});
	Membership = object({ state: string() });
}));
// src/app/octokit/protection.ts
function answerProtection(ask) {
	return { async answerRule({ run, environment, state, comment }) {
		try {
			await ask("POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule", {
				run_id: run,
				environment_name: environment,
				...state === null ? {} : { state },
				comment
			});
			return true;
		} catch (error) {
			if (error instanceof SallyportError && error.code === "github_not_found") return false;
			throw error;
		}
	} };
}
var init_protection = __esmMin((() => {
	init_errors$3();
}));
// src/app/octokit/pulls.ts
function readPulls(ask) {
	return {
		async pull(number) {
			const { state, draft, user, head, base } = Pull.parse(await ask("GET /repos/{owner}/{repo}/pulls/{pull_number}", { pull_number: number }));
			return {
				number,
				isOpen: state === "open",
				isDraft: draft === true,
				author: user?.login ?? "ghost",
				head: {
					sha: head.sha,
					branch: head.ref,
					repository: head.repo?.id ?? null
				},
				base: {
					repository: base.repo.id,
					branch: base.ref
				}
			};
		},
		async reviews(number) {
			const all = [];
			for (let page = 1; page <= maxPages; page += 1) {
				const parameters = {
					pull_number: number,
					per_page: pageSize,
					page
				};
				const found = Reviews.parse(await ask("GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews", parameters));
				all.push(...found.flatMap(({ user, state }) => user ? [{
					person: user,
					state
				}] : []));
				if (found.length < pageSize) return all;
			}
			throw new SallyportError({
				code: "too_many_reviews",
				message: `Pull request ${number} has more than 1000 reviews`,
				hint: "Open another pull request for the same branch."
			});
		},
		async reviewsWanted(branch) {
			const rules = await orNull(ask("GET /repos/{owner}/{repo}/rules/branches/{branch}", {
				branch,
				per_page: pageSize
			}));
			return array(Rule).parse(rules ?? []).filter(({ type }) => type === "pull_request").reduce((most, rule) => Math.max(most, countOf(rule)), 0);
		},
		async updateBranch(number, head) {
			const parameters = {
				pull_number: number,
				expected_head_sha: head
			};
			const route = "PUT /repos/{owner}/{repo}/pulls/{pull_number}/update-branch";
			try {
				return await orNull(ask(route, parameters)) !== null;
			} catch (error) {
				if (error instanceof SallyportError && error.code === "github_refused") return false;
				throw error;
			}
		}
	};
}
function countOf({ parameters }) {
	return parameters?.required_approving_review_count ?? 0;
}
var Pull, Reviews, Rule, pageSize, maxPages;
var init_pulls = __esmMin((() => {
	init_zod();
	init_job();
	init_errors$3();
	init_request();
	Pull = object({
		state: string(),
		draft: boolean().optional(),
		user: object({ login: string() }).nullable(),
		head: object({
			sha: Sha,
			ref: string(),
			repo: object({ id: number() }).nullable()
		}),
		base: object({
			ref: string(),
			repo: object({ id: number() })
		})
	});
	Reviews = array(object({
		state: string(),
		user: object({
			id: int(),
			login: string()
		}).nullable()
	}));
	Rule = object({
		type: string(),
		parameters: object({ required_approving_review_count: int().optional() }).optional()
	});
	pageSize = 100;
	maxPages = 10;
}));
// src/app/octokit/refs.ts
function readRefs(ask) {
	return {
		async ref(kind, name) {
			const ref = folders[kind] + name;
			const answer = await orNull(ask("GET /repos/{owner}/{repo}/git/ref/{ref}", { ref }));
			const found = Ref.safeParse(answer);
			if (!found.success || found.data.ref !== `refs/${ref}`) return null;
			return named(ask, kind, found.data);
		},
		async refsBeginning(kind, prefix) {
			const answer = await ask("GET /repos/{owner}/{repo}/git/matching-refs/{ref}", { ref: folders[kind] + prefix });
			const refs = array(Ref).parse(answer).slice(0, 100);
			return (await Promise.all(refs.map((ref) => named(ask, kind, ref)))).filter((ref) => ref !== null);
		},
		async commit(prefix) {
			const answer = Commit.safeParse(await orNull(ask("GET /repos/{owner}/{repo}/commits/{ref}", { ref: prefix })));
			return answer.success && answer.data.sha.startsWith(prefix) ? answer.data.sha : null;
		},
		async commitFacts(sha) {
			const answer = await orNull(ask("GET /repos/{owner}/{repo}/commits/{ref}", { ref: sha }));
			if (answer === null) return null;
			const { commit, author } = WholeCommit.parse(answer);
			const known = Account.safeParse(author);
			return {
				tree: commit.tree.sha,
				author: known.success ? known.data : null,
				subject: commit.message.split("\n", 1)[0] ?? "",
				authorName: commit.author?.name ?? ""
			};
		},
		async tags() {
			const answer = await ask("GET /repos/{owner}/{repo}/tags", { per_page: 100 });
			return array(TagOfCommit).parse(answer).map(({ name, commit }) => ({
				kind: "tag",
				name,
				sha: commit.sha
			}));
		},
		async relation(base, head) {
			const answer = await orNull(ask("GET /repos/{owner}/{repo}/compare/{basehead}", {
				basehead: `${base}...${head}`,
				per_page: 1
			}));
			return answer === null ? null : Comparison.parse(answer).status;
		},
		async branchesAt(sha) {
			const branches = await orNull(ask("GET /repos/{owner}/{repo}/commits/{commit_sha}/branches-where-head", { commit_sha: sha }));
			return array(Branch).parse(branches ?? []).map(({ name }) => name);
		},
		async pushes(branch) {
			const answer = await ask("GET /repos/{owner}/{repo}/activity", {
				ref: `refs/heads/${branch}`,
				per_page: 100
			});
			return array(Activity).parse(answer).map(({ after, timestamp, actor }) => ({
				after,
				at: Date.parse(timestamp),
				login: actor?.login ?? null
			})).toSorted((a, b) => b.at - a.at);
		}
	};
}
async function named(ask, kind, { ref, object }) {
	let peeled = object;
	for (let peels = 0; peeled.type === "tag" && peels < maxPeels; peels += 1) {
		const tag = await ask("GET /repos/{owner}/{repo}/git/tags/{tag_sha}", { tag_sha: peeled.sha });
		peeled = Tag.parse(tag).object;
	}
	if (peeled.type !== "commit") return null;
	return {
		kind,
		name: ref.slice(`refs/${folders[kind]}`.length),
		sha: peeled.sha
	};
}
var GitObject, Ref, Tag, Commit, Account, WholeCommit, TagOfCommit, Comparison, Branch, Activity, folders, maxPeels;
var init_refs = __esmMin((() => {
	init_zod();
	init_job();
	init_request();
	GitObject = object({
		type: string(),
		sha: Sha
	});
	Ref = object({
		ref: string(),
		object: GitObject
	});
	Tag = object({ object: GitObject });
	Commit = object({ sha: Sha });
	Account = object({
		id: int(),
		login: string()
	});
	WholeCommit = object({
		commit: object({
			message: string(),
			tree: object({ sha: Sha }),
			author: object({ name: string().optional() }).nullable()
		}),
		author: unknown()
	});
	TagOfCommit = object({
		name: string(),
		commit: object({ sha: Sha })
	});
	Comparison = object({ status: _enum([
		"identical",
		"ahead",
		"behind",
		"diverged"
	]) });
	Branch = object({ name: string() });
	Activity = object({
		after: Sha,
		timestamp: datetime({ offset: true }),
		actor: object({ login: string() }).nullable()
	});
	folders = {
		branch: "heads/",
		tag: "tags/"
	};
	maxPeels = 4;
}));
// src/app/octokit/github.ts
/** Everything that the App asks of GitHub about a repository, through any Octokit. */
function githubThrough(request, repository) {
	const ask = askAbout(repository, request);
	return {
		...readPermissions(ask),
		...readTeams(ask),
		...readChecks(ask),
		...readPulls(ask),
		...readEnvironments(ask, repository),
		...readRefs(ask),
		...readFiles(ask),
		...converse(ask),
		...writeCheckRuns(ask),
		...writeLabels(ask),
		...answerProtection(ask)
	};
}
var init_github = __esmMin((() => {
	init_check_runs();
	init_checks();
	init_conversation();
	init_environments();
	init_files();
	init_labels();
	init_people();
	init_protection();
	init_pulls();
	init_refs();
	init_request();
}));
// src/app/worlds.ts
var Worlds, capacity;
var init_worlds = __esmMin((() => {
	init_reader();
	init_teller();
	init_follow_ups();
	init_configuration();
	init_paced_ledger();
	init_github();
	Worlds = class {
		#maker;
		#worlds = /* @__PURE__ */ new Map();
		constructor(maker) {
			this.#maker = maker;
		}
		open(source) {
			const { owner, name, id, defaultBranch } = source.repository;
			const key = [
				source.installation,
				id,
				owner,
				name,
				defaultBranch
			].join(" ");
			const known = this.#worlds.get(key);
			if (known) return known;
			const made = this.#make(source);
			this.#worlds.set(key, made);
			made.catch(() => this.#worlds.delete(key));
			const [oldest] = this.#worlds.keys();
			if (this.#worlds.size > capacity && oldest !== void 0) this.#worlds.delete(oldest);
			return made;
		}
		/** Those that are kept; one that cannot be opened is passed over. */
		async opened() {
			return (await Promise.allSettled(this.#worlds.values())).flatMap((world) => world.status === "fulfilled" ? [world.value] : []);
		}
		async #make({ installation, repository }) {
			const { apiUrl, key, clock, log, openInstallation, openLedger, notes, answers } = this.#maker;
			const { request, token, writes } = await openInstallation(installation);
			const { owner, name, id } = repository;
			const unpaced = openLedger({
				apiUrl,
				owner,
				name,
				token
			});
			const ledger = writes ? pacedLedger(unpaced, writes) : unpaced;
			const github = githubThrough(request, repository);
			const tellThrough = (notes) => createTeller({
				...notes,
				receiversOf: async (environment) => {
					const { config } = await readPolicy(github, repository.defaultBranch);
					return config.environments[environment]?.notify ?? [];
				},
				log,
				now: () => clock.now()
			});
			const tell = notes ? tellThrough(notes) : () => Promise.resolve();
			const trust = {
				repository: id,
				app: [{
					key: key.public,
					environments: "all"
				}]
			};
			return {
				repository,
				github,
				tell,
				ledger,
				...answers ? { answers } : {},
				reader: new LedgerReader(ledger, trust),
				followUps: new FollowUps(),
				key,
				clock,
				log
			};
		}
	};
	capacity = 200;
}));
// action/github-request.ts
/**
* Asks as an Octokit does, in a fiftieth of its size: `GET /repos/{owner}/{repo}` and parameters,
* of which those that the route does not name are the query or the body. Reads and changes of what
* is there are tried again where the connection or the server fails; nothing is made twice. Rejects
* with an error that has GitHub's `status`.
*/
function githubRequest({ apiUrl, token, send, clock }) {
	return async (route, parameters) => {
		const { method, url, body } = addressOf(route, parameters, apiUrl);
		const asked = {
			method,
			url,
			headers: headersFor(token, body),
			body,
			timeoutMs
		};
		for (let attempt = 1;; attempt += 1) {
			const answer = await send(asked).catch((error) => error);
			if (!(answer instanceof Error) && answer.status >= 200 && answer.status < 300) return { data: answer.text === "" ? null : JSON.parse(answer.text) };
			const pause = attempt < tries ? pauseBefore(answer, method, attempt) : null;
			if (pause === null) throw refusal(answer, route);
			await clock.sleep(pause);
		}
	};
}
function addressOf(route, parameters, apiUrl) {
	const [method = "GET", template = "/"] = route.split(" ");
	const named = /* @__PURE__ */ new Set();
	const path = template.replaceAll(/\{(\w+)\}/gu, (_, name) => {
		named.add(name);
		return encodeURIComponent(String(parameters[name]));
	});
	const url = new URL(apiUrl.replace(/\/+$/u, "") + path);
	const given = Object.entries(parameters).filter(([name]) => !named.has(name) && name !== "request").filter(([, value]) => value !== void 0);
	if (method === "GET" || method === "DELETE") {
		for (const [name, value] of given) url.searchParams.set(name, String(value));
		return {
			method,
			url,
			body: void 0
		};
	}
	return {
		method,
		url,
		body: JSON.stringify(Object.fromEntries(given))
	};
}
function headersFor(token, body) {
	return {
		accept: "application/vnd.github+json",
		authorization: `Bearer ${token}`,
		"user-agent": "sallyport-action",
		"x-github-api-version": "2022-11-28",
		...body === void 0 ? {} : { "content-type": "application/json; charset=utf-8" }
	};
}
/** How long to wait before another try, in ms; `null` where there shall be none. */
function pauseBefore(answer, method, attempt) {
	if (!(answer instanceof Error) && (answer.status === 403 || answer.status === 429)) {
		const seconds = Number(answer.headers["retry-after"] ?? NaN);
		return seconds * 1e3 <= longestWaitMs ? seconds * 1e3 : null;
	}
	return (answer instanceof Error || answer.status >= 500) && method !== "POST" ? 500 * 2 ** attempt : null;
}
function refusal(answer, route) {
	if (answer instanceof Error) return answer;
	return Object.assign(/* @__PURE__ */ new Error(`${answer.status} for ${route}`), { status: answer.status });
}
var timeoutMs, tries, longestWaitMs;
var init_github_request = __esmMin((() => {
	timeoutMs = 3e4;
	tries = 3;
	longestWaitMs = 9e4;
}));
// action/open.ts
var open_exports = /* @__PURE__ */ __exportAll({
	askWith: () => askWith,
	openLooker: () => openLooker,
	openWorld: () => openWorld
});
/** The App's world, but with the workflow's token and a key from an input. */
async function openWorld(step, event) {
	const { inputs, run, clock, log } = step;
	const key = parseSigningKey(required(inputs, "signing-key"));
	const token = required(inputs, "token");
	const request = githubRequest({
		apiUrl: run.apiUrl,
		token,
		send: createSend(),
		clock
	});
	const worlds = new Worlds({
		apiUrl: run.apiUrl,
		key,
		clock,
		log,
		openInstallation: () => Promise.resolve({
			request,
			token: () => Promise.resolve(token)
		}),
		openLedger: () => openLedger(step)
	});
	const repository = await repositoryOf(event, run, askAbout(run, request));
	return worlds.open({
		installation: 0,
		repository
	});
}
/** For a step that may hold no secret. */
function openLooker(step) {
	const { run, clock } = step;
	const send = createSend();
	const request = githubRequest({
		apiUrl: run.apiUrl,
		token: step.inputs.token,
		send,
		clock
	});
	const trust = {
		repository: run.repositoryId,
		app: [{
			key: publicKeyOf(step),
			environments: "all"
		}]
	};
	return {
		reader: new LedgerReader(openLedger(step), trust),
		ask: askAbout(run, request)
	};
}
function askWith({ inputs, run, clock }) {
	return askAbout(run, githubRequest({
		apiUrl: run.apiUrl,
		token: required(inputs, "token"),
		send: createSend(),
		clock
	}));
}
function openLedger({ inputs, run, clock }) {
	const repository = `${run.owner}/${run.name}`;
	return openGithubLedger({
		apiUrl: run.apiUrl,
		token: () => inputs.token,
		repository,
		clock
	});
}
function publicKeyOf({ inputs }) {
	if (inputs["public-key"] !== "") return parsePublicKey(inputs["public-key"]);
	if (inputs["signing-key"] !== "") return parseSigningKey(inputs["signing-key"]).public;
	throw wrongInput("public-key", "`wait` needs it, or `signing-key`");
}
/** Events of a schedule name no repository, so that GitHub is asked. */
async function repositoryOf(event, run, ask) {
	const told = object({ repository: Found }).safeParse(event);
	const found = told.success ? told.data.repository : Found.parse(await ask("GET /repos/{owner}/{repo}"));
	const { owner, name, url } = run;
	return {
		id: found.id,
		owner,
		name,
		defaultBranch: found.default_branch,
		url
	};
}
var Found;
var init_open = __esmMin((() => {
	init_zod();
	init_open_ledger();
	init_send();
	init_request();
	init_worlds();
	init_reader();
	init_keys();
	init_github_request();
	init_inputs();
	Found = object({
		id: int(),
		default_branch: string()
	});
}));
// action/chatops.ts
var chatops_exports = /* @__PURE__ */ __exportAll({ run: () => run$6 });
/** Hands the run's event to the App's own handler; what it has to say, it says as the App does. */
async function run$6(step) {
	const eventName = step.run.eventName.replace(/^pull_request_target$/u, "pull_request");
	const event = await readEvent(step.run) ?? {};
	if (eventName === "issue_comment" && !mayHoldCommand(event)) return done([]);
	const { handlersOf } = await Promise.resolve().then(() => (init_act_on(), act_on_exports));
	const handles = handlersOf({
		event: eventName,
		payload: event
	});
	if (handles.length === 0) return done([nothingFor(eventName)]);
	const isWaiting = booleanInput(step.inputs, "wait");
	const opened = {};
	for (const handle of handles) await handle(event, () => opened.world ??= open(step, event));
	if (opened.world && isWaiting) await showOn(event, await opened.world, step);
	return done([]);
}
/** No event may come to tell of the end: runs of other refs than the default branch get no key. */
async function showOn({ comment }, world, step) {
	const { handlers } = await Promise.resolve().then(() => (init_handlers(), handlers_exports));
	const showStatus = handlers["deployment_status.created"];
	if (typeof comment?.id !== "number" || !showStatus) return;
	const { keepShowing } = await Promise.resolve().then(() => (init_keep_showing(), keep_showing_exports));
	await keepShowing(comment.id, world, showStatus, step);
}
/** Commands begin a line with a slash. Most comments hold none, and cost next to nothing. */
function mayHoldCommand({ comment }) {
	const body = comment?.body;
	return typeof body === "string" && /^[^\p{L}\p{N}\r\n]*\//mu.test(body);
}
async function open(step, event) {
	const { openWorld } = await Promise.resolve().then(() => (init_open(), open_exports));
	return openWorld(step, event);
}
function nothingFor(name) {
	return {
		level: "notice",
		title: "nothing to do",
		message: `Nothing is done on the event ${name}; see docs/action.md for those that are.`
	};
}
function done(annotations) {
	return {
		exit: exitCodes.done,
		outputs: {},
		summary: null,
		annotations
	};
}
var init_chatops = __esmMin((() => {
	init_errors$3();
	init_inputs();
	init_run();
}));
// action/params.ts
/** What a comment gives after `|`; what the targets declare is held against it later. */
function readParams(inputs) {
	const pairs = inputs.params.split(/\r?\n/u).map((one) => one.trim()).filter((one) => one !== "").map((one) => {
		const [, name, value] = line.exec(one) ?? [];
		if (name === void 0 || value === void 0) throw wrongInput("params", "one `name=value` a line");
		return [name, value];
	});
	return Object.fromEntries(pairs);
}
var line;
var init_params = __esmMin((() => {
	init_inputs();
	line = /^([A-Za-z_]\w{0,39})=(.*)$/u;
}));
// action/ask-for-job.ts
/**
* Asks for a job as a comment does, through the same gates, in the name of whoever started this
* attempt. Rejects where a gate says no.
*/
async function askForJob(command, handle, step) {
	const event = await readEvent(step.run);
	const [world, author] = await Promise.all([openWorld(step, event), whoStarted(step)]);
	const pull = pullOf(event);
	const words = `/${command.name} ${command.environment}`;
	const comment = {
		issue: pull?.number ?? 0,
		isPull: pull !== null,
		comment: 0,
		body: words,
		at: await askedAt(pull !== null || command.ref !== null, world),
		author,
		isByPerson: true
	};
	const quiet = withoutComments(world);
	const cause = causeOf(command, step);
	await handle({
		command,
		event: comment,
		words,
		answer: new Answer$1(quiet.github, comment.issue),
		cause
	}, quiet);
	return {
		deployment: await deploymentOf(cause, command.environment, world),
		world: quiet
	};
}
function pullOf(event) {
	const { data } = PullEvent.safeParse(event);
	return data ? {
		number: data.pull_request.number,
		sha: data.pull_request.head.sha
	} : null;
}
/** The commit of the run; in a pull request its head, since what GitHub merges for a try is on no branch. */
async function commitOfRun({ run }) {
	return pullOf(await readEvent(run))?.sha ?? run.sha;
}
/** What every job's command has, from the inputs. */
function commandParts({ inputs }) {
	const { only, reason } = inputs;
	return {
		line: 1,
		flags: only === "" ? {} : { only },
		params: reason === "" ? {} : { reason },
		inputs: readParams(inputs)
	};
}
/** A workflow has its own page, and a job that nobody commented for has no comment to edit. */
function withoutComments(world) {
	const quiet = {
		say: () => Promise.resolve(0),
		edit: () => Promise.resolve(),
		react: () => Promise.resolve()
	};
	return {
		...world,
		github: {
			...world.github,
			...quiet
		}
	};
}
/** GitHub's clock, which what may move is held against: it stands for what it is at this moment. */
async function askedAt(mayMove, { reader, clock }) {
	return mayMove ? (await reader.refresh()).now : clock.now();
}
/** Running a step again is another job; the same attempt is always the same one. */
function causeOf(command, { run }) {
	const asked = createHash("sha256").update(JSON.stringify(command)).digest("hex").slice(0, 16);
	return `run:${run.repositoryId}:${run.place}:${asked}`;
}
async function whoStarted(step) {
	const { actor, startedBy } = step.run;
	if (startedBy === actor.login) return actor;
	const answer = await askWith(step)("GET /users/{username}", { username: startedBy });
	const { id, login } = object({
		id: int(),
		login: string()
	}).parse(answer);
	return {
		id,
		login
	};
}
async function deploymentOf(cause, environment, { reader }) {
	const id = jobIdOf(cause);
	const { environments } = await reader.refresh();
	const found = environments.get(environment)?.deployments.find(({ job }) => job.id === id);
	if (found) return found.deployment;
	throw new SallyportError({
		code: "job_lost",
		message: `The job for ${environment} was issued and is not in the ledger.`,
		hint: "Look at the deployments of the repository, and run the step again.",
		next: "retry",
		exit: exitCodes.unreachable
	});
}
var PullEvent;
var init_ask_for_job = __esmMin((() => {
	init_zod();
	init_answer();
	init_job_codec();
	init_errors$3();
	init_open();
	init_params();
	init_run();
	PullEvent = object({ pull_request: object({
		number: int(),
		head: object({ sha: string() })
	}) });
}));
// action/named-commit.ts
/** What `ref` and `sha` name; without both, the commit of the run. */
async function namedCommit(step) {
	const { ref, sha } = step.inputs;
	if (ref !== "" && sha !== "") throw wrongInput("sha", "absent where `ref` is given");
	if (ref !== "") return {
		ref: ref.replace(/^refs\/(?:heads|tags)\//u, ""),
		sha: null
	};
	const named = (sha === "" ? await commitOfRun(step) : sha).toLowerCase();
	if (!someSha.test(named)) throw wrongInput("sha", "7 to 40 hexadecimal digits");
	return {
		ref: null,
		sha: named
	};
}
var someSha;
var init_named_commit = __esmMin((() => {
	init_ask_for_job();
	init_inputs();
	someSha = /^[0-9a-f]{7,40}$/u;
}));
// action/environment-url.ts
/** The address that the newest status with one gives; `null` where none has. */
async function environmentUrl(deployment, ask) {
	const answer = await ask("GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", {
		deployment_id: deployment,
		per_page: 100
	});
	return Statuses.parse(answer).toSorted((a, b) => b.id - a.id).map(({ environment_url }) => environment_url ?? "").find((url) => /^https?:\/\//u.test(url)) ?? null;
}
var Statuses;
var init_environment_url = __esmMin((() => {
	init_zod();
	Statuses = array(object({
		id: int(),
		environment_url: string().optional()
	}));
}));
// action/outcome.ts
/** Where a deployment stands, for the step and for its page. */
function outcomeOf({ view, reading, plans, url }, { run }) {
	const { plan, unread } = plans;
	const digest = planDigestOf(view.units);
	const { deployment, job, state, reason } = view;
	const environment = findDeployment(deployment, reading)?.environment;
	return {
		exit: exitOf(view),
		outputs: {
			deployment: String(deployment),
			state,
			reason,
			environment: job.environment,
			sha: job.sha,
			...url === null ? {} : { "environment-url": url },
			...digest === null ? {} : { digest },
			...plan === null ? {} : planOutputs(plan)
		},
		summary: deploymentComment({
			view,
			repositoryUrl: run.url,
			note: endNote(view, reading),
			behind: environment ? behindWhom(view, environment) : null,
			plan,
			planNotes: isOfPlan(view) ? planNotes(view, unread, reading) : []
		}),
		annotations: annotationsOf(view)
	};
}
function isOfPlan({ job, state }) {
	return job.operation === "plan" || state === "awaiting-approval";
}
function planOutputs({ risk, breaking, targets }) {
	const changes = targets.reduce((sum, target) => sum + target.changes.length, 0);
	return {
		risk,
		breaking: String(breaking),
		changes: String(changes)
	};
}
function annotationsOf(view) {
	if (exitOf(view) === 0) return [];
	const { deployment, job, over } = view;
	const what = `Deployment ${deployment} of ${job.sha.slice(0, 7)} to ${job.environment}`;
	const message = over ? `${what}: ${inWords(view)}.` : `${what} is not over: ${inWords(view)}. Follow it with the mode \`wait\`.`;
	return [{
		level: "error",
		title: over ? "not deployed" : "still running",
		message
	}];
}
var init_outcome = __esmMin((() => {
	init_approvals$1();
	init_end_note();
	init_behind_whom();
	init_find_deployment();
	init_notes();
	init_deployment_markdown();
	init_follow();
}));
// action/report-job.ts
/** Follows a job, where that is wanted, and says how it stands. */
async function reportJob({ deployment, world }, step) {
	const isWaiting = booleanInput(step.inputs, "wait");
	const timeoutMs = isWaiting ? await durationInput(step.inputs, "timeout") : 0;
	const { view, reading } = await follow(deployment, world.reader, step, timeoutMs);
	const asked = {
		...view,
		state: "awaiting-approval"
	};
	const [plans, url] = await Promise.all([plansOf(asked, world), environmentUrl(deployment, askWith(step))]);
	const outcome = outcomeOf({
		view,
		reading,
		plans,
		url
	}, step);
	if (isWaiting || view.over) return outcome;
	return {
		...outcome,
		exit: exitCodes.done,
		annotations: []
	};
}
var init_report_job = __esmMin((() => {
	init_plans();
	init_errors$3();
	init_environment_url();
	init_follow();
	init_inputs();
	init_open();
	init_outcome();
}));
// action/deploy.ts
var deploy_exports = /* @__PURE__ */ __exportAll({ run: () => run$5 });
/** Issues a deployment; with `wait` follows it to its end. */
async function run$5(step) {
	return reportJob(await askForJob({
		name: "deploy",
		environment: required(step.inputs, "environment"),
		...await namedCommit(step),
		...commandParts(step)
	}, deploy, step), step);
}
var init_deploy = __esmMin((() => {
	init_deploy$1();
	init_ask_for_job();
	init_named_commit();
	init_inputs();
	init_report_job();
}));
// action/report-plan.ts
/** Waits for the plans of all hosts. */
async function reportPlan({ deployment, world }, step) {
	const timeoutMs = await durationInput(step.inputs, "timeout");
	const { view, reading } = await follow(deployment, world.reader, step, timeoutMs);
	let plans = await plansOf(view, world);
	for (let look = 1; plans.unread.length > 0 && look < looks; look += 1) {
		await step.clock.sleep(pauseMs);
		plans = await plansOf(view, world);
	}
	return outcomeOf({
		view,
		reading,
		plans,
		url: null
	}, step);
}
var pauseMs, looks;
var init_report_plan = __esmMin((() => {
	init_plans();
	init_follow();
	init_inputs();
	init_outcome();
	[pauseMs, looks] = [1e3, 6];
}));
// action/plan.ts
var plan_exports = /* @__PURE__ */ __exportAll({ run: () => run$4 });
/** Has the hosts compare themselves with a commit, and shows what a deployment would change. */
async function run$4(step) {
	return reportPlan(await askForJob({
		name: "plan",
		environment: required(step.inputs, "environment"),
		...await namedCommit(step),
		...commandParts(step)
	}, plan, step), step);
}
var init_plan = __esmMin((() => {
	init_plan$1();
	init_ask_for_job();
	init_inputs();
	init_named_commit();
	init_report_plan();
}));
// action/rollback.ts
var rollback_exports = /* @__PURE__ */ __exportAll({ run: () => run$3 });
/** Goes back to a commit that completed there; with `wait` follows it to its end. */
async function run$3(step) {
	const { to } = step.inputs;
	return reportJob(await askForJob({
		name: "rollback",
		environment: required(step.inputs, "environment"),
		ref: to === "" ? null : to,
		sha: null,
		...commandParts(step)
	}, rollback, step), step);
}
var init_rollback = __esmMin((() => {
	init_rollback$1();
	init_ask_for_job();
	init_inputs();
	init_report_job();
}));
// action/switch.ts
var switch_exports = /* @__PURE__ */ __exportAll({ run: () => run$2 });
/** Moves the traffic to what is staged, or back to what had it before; with `wait` follows it to its end. */
async function run$2(step) {
	const { to, only } = step.inputs;
	const { line, params } = commandParts(step);
	return reportJob(await askForJob({
		name: "switch",
		environment: required(step.inputs, "environment"),
		target: only === "" ? null : only,
		ref: to === "" ? null : to,
		sha: null,
		line,
		flags: {},
		params,
		inputs: {}
	}, switchTraffic, step), step);
}
var init_switch = __esmMin((() => {
	init_switch$1();
	init_ask_for_job();
	init_inputs();
	init_report_job();
}));
// action/key-warnings.ts
/** Where a workflow of the checkout hands over the signing key in a way that others may reach it. */
async function keyWarnings(workspace) {
	const files = (await readdir(join(workspace, folder)).catch(() => [])).filter((name) => /\.ya?ml$/u.test(name)).slice(0, maxFiles);
	return (await Promise.all(files.map(async (name) => warningsIn(await read(join(workspace, folder, name)), name)))).flat();
}
function warningsIn(text, name) {
	const file = `${folder}/${name}`;
	const yaml = readYaml(text, file);
	const workflow = yaml.ok ? Workflow.safeParse(yaml.value) : null;
	if (!yaml.ok || !workflow?.success) return [];
	return Object.entries(workflow.data.jobs).flatMap(([id, unread]) => {
		const { environment, steps = [] } = Job.safeParse(unread).data ?? {};
		return steps.flatMap((step, index) => {
			const { data } = StepWithKey.safeParse(step);
			const message = data && warningOf(data.with["signing-key"], environment);
			if (!message) return [];
			const path = [
				"jobs",
				id,
				"steps",
				index,
				"with",
				"signing-key"
			];
			const { line, column } = yaml.at(path, "key", { message });
			return [{
				level: "warning",
				title: "the signing key",
				message,
				file,
				line,
				column
			}];
		});
	});
}
function warningOf(value, environment) {
	if (typeof value !== "string" || !/\$\{\{\s*secrets\b/u.test(value)) return "The signing key stands in the file, where everybody who reads the repository has it. Make a new key, and keep it as a secret.";
	if (environment === void 0) return "The job names no `environment`, so that the key is a secret of the repository: whoever may push a workflow to any branch can read it. Keep it in an environment that only the default branch may use.";
	return null;
}
async function read(path) {
	const { size } = await stat(path);
	return size > 1048576 ? "" : readFile(path, "utf8");
}
var folder, maxFiles, Job, Workflow, StepWithKey;
var init_key_warnings = __esmMin((() => {
	init_zod();
	init_read_yaml();
	folder = ".github/workflows";
	maxFiles = 200;
	Job = object({
		environment: unknown().optional(),
		steps: array(unknown()).optional()
	});
	Workflow = object({ jobs: record(string(), unknown()) });
	StepWithKey = object({ with: object({ "signing-key": unknown() }) });
}));
// action/validate.ts
var validate_exports = /* @__PURE__ */ __exportAll({ run: () => run$1 });
/** Checks the configuration of the checkout, and what workflows show of how the key is kept. */
async function run$1({ inputs, run: { workspace } }) {
	const file = inputs.config;
	const parsed = parseRepositoryConfig(await readIn(workspace, file), file);
	const problems = parsed.ok ? [] : parsed.problems;
	const warnings = await keyWarnings(workspace);
	return {
		exit: parsed.ok ? exitCodes.done : exitCodes.usage,
		outputs: { problems: String(problems.length) },
		summary: summaryOf(file, problems, warnings),
		annotations: [...problems.map(annotationOf), ...warnings]
	};
}
async function readIn(workspace, file) {
	try {
		const top = await realpath(workspace);
		const path = await realpath(join(top, file));
		const inside = relative(top, path);
		if (isAbsolute(file) || isAbsolute(inside) || inside.split(sep)[0] === "..") throw new Error("it is not in the checkout");
		const { size } = await stat(path);
		if (size > 1048576) throw new Error("it is larger than 1 MiB");
		return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
	} catch (cause) {
		throw new SallyportError({
			code: "config_missing",
			message: `${file} cannot be read in the checkout: ${cause.message}`,
			hint: "Check the repository out before this step (actions/checkout), or name the file: `config`.",
			exit: exitCodes.usage,
			cause
		});
	}
}
function annotationOf({ file, line, column, path, message }) {
	return {
		level: "error",
		title: path || "not valid",
		message,
		file,
		line,
		column
	};
}
function summaryOf(file, problems, warnings) {
	const count = `${problems.length} ${problems.length === 1 ? "error" : "errors"}`;
	return [
		problems.length === 0 ? `✅ ${codeSpan(file)} is valid.` : `❌ ${codeSpan(file)}: ${count}.`,
		...[problems.map(({ line, column, message }) => `- ${line}:${column} ${plainText(message)}`), warnings.map(({ file: where = "", line, message }) => `- ⚠️ ${codeSpan(`${where}:${line}`)} ${plainText(message)}`)].filter((list) => list.length > 0).map((list) => list.join("\n")),
		unknowable
	].join("\n\n");
}
var unknowable;
var init_validate = __esmMin((() => {
	init_parse();
	init_read_yaml();
	init_errors$3();
	init_escape();
	init_key_warnings();
	unknowable = "What no file shows: whether the signing key is a secret of an environment that only the default branch may use. Look at Settings → Environments.";
}));
// action/wait.ts
var wait_exports = /* @__PURE__ */ __exportAll({ run: () => run });
/** Follows a deployment to its end. */
async function run(step) {
	const named = required(step.inputs, "deployment");
	if (!/^\d{1,15}$/u.test(named)) throw wrongInput("deployment", "the id of a deployment");
	const { reader, ask } = openLooker(step);
	const timeoutMs = await durationInput(step.inputs, "timeout");
	const { view, reading } = await follow(Number(named), reader, step, timeoutMs);
	return outcomeOf({
		view,
		reading,
		plans: {
			plan: null,
			unread: []
		},
		url: await environmentUrl(view.deployment, ask)
	}, step);
}
var init_wait = __esmMin((() => {
	init_environment_url();
	init_follow();
	init_inputs();
	init_open();
	init_outcome();
}));
// action/main.ts
init_core$2();
init_errors$3();
init_inputs();
init_run();
/** One file a mode, evaluated only when it is asked for. */
const modes = /* @__PURE__ */ new Map([
	["chatops", () => Promise.resolve().then(() => (init_chatops(), chatops_exports))],
	["deploy", () => Promise.resolve().then(() => (init_deploy(), deploy_exports))],
	["plan", () => Promise.resolve().then(() => (init_plan(), plan_exports))],
	["rollback", () => Promise.resolve().then(() => (init_rollback(), rollback_exports))],
	["switch", () => Promise.resolve().then(() => (init_switch(), switch_exports))],
	["validate", () => Promise.resolve().then(() => (init_validate(), validate_exports))],
	["wait", () => Promise.resolve().then(() => (init_wait(), wait_exports))]
]);
const say = {
	error: error$1,
	warning,
	notice
};
await tell(await act());
async function act() {
	const inputs = readInputs$1();
	hide(inputs);
	try {
		const mode = modes.get(inputs.mode);
		if (!mode) throw wrongInput("mode", `one of ${[...modes.keys()].join(", ")}`);
		const run = readRun(process.env);
		const { run: runMode } = await mode();
		return await runMode({
			inputs,
			run,
			clock: systemClock,
			log: logWithout(inputs)
		});
	} catch (thrown) {
		return failure(thrown);
	}
}
/** The runner hides secrets that it knows; a key that came another way it does not. */
function hide({ token, "signing-key": key }) {
	for (const secret of [
		token,
		key,
		...key.split(/\r?\n/u)
	]) if (secret.trim() !== "") setSecret(secret);
}
function logWithout({ token, "signing-key": key }) {
	const stream = { write: (text) => process.stdout.write(text.replaceAll("##[", "## [")) };
	const secrets = [token, key].filter((secret) => secret !== "");
	return createLog({
		stream,
		clock: systemClock,
		secrets,
		prose: true
	});
}
async function tell({ exit, outputs, summary: text, annotations }) {
	for (const annotation of annotations) annotate(annotation);
	for (const [name, value] of Object.entries(outputs)) setOutput(name, value);
	setOutput("exit-code", String(exit));
	if (text !== null && process.env["GITHUB_STEP_SUMMARY"]) await summary.addRaw(text, true).write();
	process.exitCode = exit;
}
function annotate({ level, title, message, file, line, column }) {
	say[level](message, {
		title,
		...file === void 0 ? {} : { file },
		...line === void 0 ? {} : { startLine: line },
		...column === void 0 ? {} : { startColumn: column }
	});
}
function failure(thrown) {
	const { code, message, hint, exit } = asSallyportError(thrown);
	const isRefused = code === "github_refused";
	const next = isRefused ? "Compare `permissions:` of the job with docs/action.md." : hint;
	return {
		exit: isRefused ? exitCodes.refused : exit,
		outputs: {},
		summary: null,
		annotations: [{
			level: "error",
			title: code,
			message: next ? `${message}\n${next}` : message
		}]
	};
}
export {};
