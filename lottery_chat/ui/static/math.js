// Formulas of TeX as MathML, which browsers draw themselves: no font or script is loaded for it.
// `tex` is pure: text → a small tree, or null where anything in it is not known; then the text is shown as written.

const MATHML = "http://www.w3.org/1998/Math/MathML";
const LONGEST = 2000, DEEPEST = 12;

const LETTERS = Object.fromEntries(("alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ sigma σ tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω "
  + "Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω ell ℓ hbar ℏ infty ∞ emptyset ∅ varnothing ∅ aleph ℵ Re ℜ Im ℑ partial ∂ degree °").split(" ").reduce((all, one, at, list) => (at % 2 ? [...all, [list[at - 1], one]] : all), []));
const SIGNS = Object.fromEntries(("times × div ÷ cdot ⋅ pm ± mp ∓ ast ∗ star ⋆ circ ∘ bullet ∙ leq ≤ le ≤ geq ≥ ge ≥ neq ≠ ne ≠ lt < gt > ll ≪ gg ≫ approx ≈ equiv ≡ sim ∼ simeq ≃ cong ≅ propto ∝ to → rightarrow → leftarrow ← Rightarrow ⇒ Leftarrow ⇐ implies ⟹ iff ⟺ Leftrightarrow ⇔ leftrightarrow ↔ mapsto ↦ "
  + "in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ cup ∪ cap ∩ setminus ∖ land ∧ wedge ∧ lor ∨ vee ∨ neg ¬ lnot ¬ forall ∀ exists ∃ nexists ∄ nabla ∇ angle ∠ perp ⊥ parallel ∥ mid ∣ nmid ∤ therefore ∴ because ∵ ldots … dots … cdots ⋯ vdots ⋮ prime ′ oplus ⊕ otimes ⊗ "
  + "langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lvert | rvert | vert | Vert ‖ lbrace { rbrace } colon : models ⊨ vdash ⊢").split(" ").reduce((all, one, at, list) => (at % 2 ? [...all, [list[at - 1], one]] : all), []));
const LARGE = { sum: "∑", prod: "∏", int: "∫", iint: "∬", oint: "∮", bigcup: "⋃", bigcap: "⋂" };
const NAMES = new Set("sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh log ln lg exp lim max min sup inf gcd lcm det dim ker deg arg Pr mod".split(" "));
const SPACES = { ",": "0.17em", ":": "0.22em", ";": "0.28em", " ": "0.25em", "!": "0", quad: "1em", qquad: "2em", enspace: "0.5em", thinspace: "0.17em" };
const OVER = { overline: "‾", bar: "‾", hat: "^", widehat: "^", vec: "→", tilde: "~", dot: "˙", ddot: "¨", overrightarrow: "→" };
const WORDS = new Set(["text", "mathrm", "textbf", "textit", "mathsf", "operatorname", "textrm", "mbox", "mathit"]);
const BLACKBOARD = { N: "ℕ", Z: "ℤ", Q: "ℚ", R: "ℝ", C: "ℂ", P: "ℙ" };
const TABLES = { matrix: ["", ""], pmatrix: ["(", ")"], bmatrix: ["[", "]"], vmatrix: ["|", "|"], cases: ["{", ""], aligned: ["", ""], align: ["", ""], "align*": ["", ""], array: ["", ""], gathered: ["", ""], split: ["", ""] };

class Unknown extends Error {}

/** TeX → ["mrow", …], or null when it is too long or something in it is not known. */
export function tex(text) {
  if (!text.trim() || text.length > LONGEST) return null;
  try {
    const reader = new Reader(text.match(/\\[A-Za-z]+|\\[\s\S]|\d+(?:[.,]\d+)*|\s+|[\s\S]/gu) ?? []);
    const row = reader.row(() => false, 0);
    return reader.at < reader.tokens.length ? null : row;
  } catch (problem) {
    if (problem instanceof Unknown) return null;
    throw problem;
  }
}

class Reader {
  constructor(tokens) { this.tokens = tokens; this.at = 0; }

  peek() { return this.tokens[this.at]; }
  blank() { while (/^\s/.test(this.peek() ?? "")) this.at++; }
  expect(token) { this.blank(); if (this.tokens[this.at++] !== token) throw new Unknown(); }

  row(ends, depth) {
    if (depth > DEEPEST) throw new Unknown();
    const out = [];
    for (this.blank(); this.at < this.tokens.length && !ends(this.peek()); this.blank()) out.push(this.scripted(depth));
    return out.length === 1 ? out[0] : ["mrow", ...out];
  }

  /** Something with what stands below and above it. */
  scripted(depth) {
    const base = "^_".includes(this.peek()) ? ["mrow"] : this.one(depth);
    let below = null, above = null, primes = "";
    for (this.blank(); ["^", "_", "'"].includes(this.peek()); this.blank()) {
      const sign = this.tokens[this.at++];
      if (sign === "'") primes += "′";
      else if (sign === "^" ? above : below) throw new Unknown();
      else if (sign === "^") above = this.argument(depth);
      else below = this.argument(depth);
    }
    if (primes) above = above ? ["mrow", ["mo", primes], above] : ["mo", primes];
    const large = base.large;
    if (below && above) return [large ? "munderover" : "msubsup", base, below, above];
    if (below) return [large ? "munder" : "msub", base, below];
    return above ? [large ? "mover" : "msup", base, above] : base;
  }

  argument(depth) {
    this.blank();
    if (this.peek() === undefined || "^_}&".includes(this.peek())) throw new Unknown();
    return this.one(depth + 1);
  }

  one(depth) {
    const token = this.tokens[this.at++];
    if (token === "{") { const row = this.row((next) => next === "}", depth + 1); this.expect("}"); return row; }
    if (token[0] === "\\") return this.command(token.slice(1), depth);
    if (/^\d/.test(token)) return ["mn", token];
    if (/^\p{L}$/u.test(token)) return ["mi", token];
    if ("}&#$%\\~".includes(token) || /^[\p{C}]$/u.test(token)) throw new Unknown();
    return ["mo", token === "-" ? "−" : token === "*" ? "∗" : token];
  }

  command(name, depth) {
    if (Object.hasOwn(LETTERS, name)) return ["mi", LETTERS[name]];
    if (Object.hasOwn(SIGNS, name)) return ["mo", SIGNS[name]];
    if (Object.hasOwn(LARGE, name)) return Object.assign(["mo", LARGE[name]], { large: !name.includes("int") });
    if (NAMES.has(name)) return Object.assign(["mi", name], { large: ["lim", "max", "min", "sup", "inf"].includes(name) });
    if (Object.hasOwn(SPACES, name)) return ["mspace", SPACES[name]];
    if (Object.hasOwn(OVER, name)) return ["mover", this.argument(depth), ["mo", OVER[name]]];
    if (WORDS.has(name)) return ["mtext", this.words()];
    if (/^[%$#&_{}|]$/.test(name)) return ["mo", name === "|" ? "‖" : name];
    if (["frac", "dfrac", "tfrac", "cfrac"].includes(name)) return ["mfrac", this.argument(depth), this.argument(depth)];
    if (name === "binom") return ["mrow", ["mo", "("], ["mfrac", this.argument(depth), this.argument(depth), "none"], ["mo", ")"]];
    if (["mathbf", "boldsymbol", "boxed", "mathcal", "displaystyle", "textstyle", "limits", "nonumber"].includes(name)) return ["displaystyle", "textstyle", "limits", "nonumber"].includes(name) ? ["mrow"] : this.argument(depth);
    if (name === "mathbb") { const letter = this.words(); if (!Object.hasOwn(BLACKBOARD, letter)) throw new Unknown(); return ["mi", BLACKBOARD[letter]]; }
    if (name === "sqrt") return this.root(depth);
    if (name === "left") return this.fenced(depth);
    if (["big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr"].includes(name)) return this.one(depth + 1);
    if (name === "begin") return this.table(depth);
    throw new Unknown();
  }

  /** What stands between braces, as words. */
  words() {
    this.expect("{");
    let out = "";
    while (this.peek() !== "}") {
      const token = this.tokens[this.at++];
      if (token === undefined || token === "{" || (token[0] === "\\" && !/^\\[%$#&_ ,]$/.test(token))) throw new Unknown();
      out += token[0] === "\\" ? token.slice(1) : token;
    }
    this.at++;
    return out.replace(/\s/g, "\u00a0");
  }

  root(depth) {
    this.blank();
    if (this.peek() !== "[") return ["msqrt", this.argument(depth)];
    this.at++;
    const degree = this.row((next) => next === "]", depth + 1);
    this.expect("]");
    return ["mroot", this.argument(depth), degree];
  }

  delimiter() {
    this.blank();
    const token = this.tokens[this.at++] ?? "";
    if (token === ".") return "";
    if (/^[()[\]|/<>]$/.test(token)) return token;
    if (/^\\[{}|]$/.test(token)) return token === "\\|" ? "‖" : token[1];
    if (token[0] === "\\" && Object.hasOwn(SIGNS, token.slice(1))) return SIGNS[token.slice(1)];
    throw new Unknown();
  }

  fenced(depth) {
    const open = this.delimiter();
    const inner = this.row((next) => next === "\\right", depth + 1);
    this.expect("\\right");
    return ["mrow", open ? ["mo", open] : ["mrow"], inner, (this.closing = this.delimiter()) ? ["mo", this.closing] : ["mrow"]];
  }

  table(depth) {
    const name = this.words();
    if (!Object.hasOwn(TABLES, name)) throw new Unknown();
    if (name === "array") this.words();
    const rows = [[]];
    const ends = (next) => next === "&" || next === "\\\\" || next === "\\end";
    for (;;) {
      rows[rows.length - 1].push(this.row(ends, depth + 1));
      const token = this.tokens[this.at++];
      if (token === "\\\\") rows.push([]);
      else if (token === "\\end") break;
      else if (token !== "&") throw new Unknown();
    }
    if (this.words() !== name) throw new Unknown();
    const filled = rows.filter((row) => row.some((cell) => cell[0] !== "mrow" || cell.length > 1));
    const [open, close] = TABLES[name];
    const table = Object.assign(["mtable", ...filled.map((row) => ["mtr", ...row.map((cell) => ["mtd", cell])])], { kind: /align|split|cases/.test(name) ? "aligned" : "" });
    return ["mrow", open ? ["mo", open] : ["mrow"], table, close ? ["mo", close] : ["mrow"]];
  }
}

/** The tree as MathML elements; `block`: on a line of its own. */
export function formula(tree, block = false) {
  const math = make("math", [tree]);
  math.setAttribute("class", "tex");
  if (block) math.setAttribute("display", "block");
  return math;
}

function make(name, parts) {
  const element = document.createElementNS(MATHML, name);
  for (const part of parts) element.append(typeof part === "string" ? part : grown(part));
  return element;
}

function grown(node) {
  const [name, ...parts] = node;
  // Drawn by hand: without a mathematical font, which many systems lack, browsers leave the sign of a root out.
  if (name === "msqrt" || name === "mroot") {
    const under = make("mrow", [parts[0]]);
    under.setAttribute("class", "under-root");
    const root = make("mrow", [...(parts[1] ? [["msup", ["mrow"], parts[1]]] : []), ["mo", "√"]]);
    root.append(under);
    return root;
  }
  if (name === "mspace") { const space = make(name, []); space.setAttribute("width", parts[0]); return space; }
  const bare = name === "mfrac" && parts.length > 2;
  const element = make(name, bare ? parts.slice(0, 2) : parts);
  if (bare) element.setAttribute("linethickness", "0");
  if (node.kind) element.setAttribute("class", node.kind);
  if (node.large) element.setAttribute("movablelimits", "false");
  return element;
}
