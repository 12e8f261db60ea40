// A dense grid of photos that is reviewed by keys. What a key does is drawn at once and sent to the server, whose answer
// is the truth: it comes back as `data.states`, and until then an action stays in `pending`.
const KEYS = "1234567890";

export default function ({ data, parentElement, setStateValue }) {
  const place = parentElement.querySelector(".review");
  place.grid ??= new Grid(place);
  place.grid.draw(data, setStateValue);
}

class Grid {
  pending = []; // actions that the server has not answered
  selected = new Set();
  now = 0; // the photo that has the focus
  anchor = 0; // where a range begins
  screen = null;

  constructor(place) {
    this.place = place;
    this.bar = this.add(place, "div", "bar", { role: "toolbar", "aria-label": "What the photos show" });
    this.photos = this.add(place, "div", "photos", { role: "listbox", "aria-multiselectable": "true", "aria-label": "Photos" });
    this.said = this.add(place, "p", "said", { role: "status" });
    this.photos.addEventListener("keydown", (event) => this.key(event));
    const fill = () => (place.isConnected ? this.fill() : window.removeEventListener("wildcam-review-photos", fill));
    window.addEventListener("wildcam-review-photos", fill);
  }

  add(parent, tag, name, attributes = {}, text = "") {
    const element = parent.appendChild(document.createElement(tag));
    element.className = name;
    element.textContent = text;
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  }

  draw(data, send) {
    this.send = send;
    this.data = data;
    this.pending = this.pending.filter((action) => action.number > data.answered);
    if (data.screen !== this.screen) {
      const hadFocus = this.screen === null || this.photos.contains(this.place.getRootNode().activeElement);
      this.screen = data.screen;
      this.selected.clear();
      this.now = this.anchor = 0;
      this.build(hadFocus);
    } else this.update();
  }

  build(takesFocus) {
    this.bar.replaceChildren();
    this.button("Confirm", "⏎", () => this.act("confirm"), "main");
    this.data.keys.forEach((label, at) => this.button(label, KEYS[at], () => this.act("label", label)));
    const typed = this.add(this.bar, "input", "", { list: "labels", placeholder: "Another label  /", "aria-label": "Another label" });
    const labels = this.add(this.bar, "datalist", "", { id: "labels" });
    this.data.labels.forEach((label) => this.add(labels, "option", "", { value: label }));
    typed.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.focus();
      if (event.key !== "Enter" || !typed.value.trim()) return;
      this.act("label", typed.value);
      typed.value = "";
      this.focus();
    });
    this.typed = typed;
    this.button("Not sure", "n", () => this.act("undecided"));
    this.button("Flag", "f", () => this.act("flag"));
    this.button("Withdraw", "w", () => this.act("withdraw"));
    this.button("Undo", "u", () => this.act("undo"));
    this.button("Back", "PgUp", () => this.act("previous"));
    this.button("Next photos", "PgDn", () => this.act("next"));
    this.photos.replaceChildren();
    this.cells = this.data.photos.map((photo, at) => {
      const cell = this.add(this.photos, "div", "photo", { role: "option", id: `photo-${at}` });
      this.add(cell, "img", "", { alt: "", draggable: "false" });
      if (photo.frames > 1) this.add(cell, "span", "frames", {}, `× ${photo.frames}`);
      this.add(cell, "div", "says");
      cell.addEventListener("click", (event) => this.click(at, event));
      return cell;
    });
    this.fill();
    this.update();
    if (takesFocus) this.focus();
  }

  button(label, key, does, name = "") {
    const button = this.add(this.bar, "button", name, { type: "button" }, label);
    this.add(button, "kbd", "", { "aria-hidden": "true" }, key);
    button.addEventListener("click", () => { does(); this.focus(); });
  }

  // The photos come apart from the grid, the next screen's with them: they are sent once, not with every key.
  fill() {
    const known = window.wildcamReviewPhotos ?? {};
    this.cells?.forEach((cell, at) => {
      const source = known[this.data.photos[at].id];
      if (source && cell.firstChild.src !== source) cell.firstChild.src = source;
    });
  }

  update() {
    const states = { ...this.data.states };
    for (const action of this.pending) for (const id of action.photos) states[id] = action.shown ?? states[id];
    this.cells.forEach((cell, at) => {
      const photo = this.data.photos[at];
      const state = states[photo.id] ?? "";
      cell.setAttribute("aria-selected", String(this.selected.has(at)));
      cell.setAttribute("aria-label", [photo.says, photo.more, state].filter(Boolean).join(", "));
      cell.tabIndex = at === this.now ? 0 : -1;
      cell.classList.toggle("reviewed", Boolean(state));
      const says = cell.querySelector(".says");
      says.replaceChildren();
      this.add(says, "span", state ? "done" : "", {}, state || photo.says);
      this.add(says, "span", "more", {}, state ? `was: ${photo.says}` : photo.more);
    });
    const chosen = this.selected.size ? `${this.selected.size} selected. ` : "";
    this.said.textContent = chosen + (this.pending.length ? "Saving …" : this.data.said);
  }

  focus() {
    this.cells[this.now]?.focus();
  }

  move(to, extends_) {
    this.now = Math.max(0, Math.min(this.cells.length - 1, to));
    if (extends_) this.range();
    else this.anchor = this.now;
    this.update();
    this.focus();
  }

  range() {
    const [from, to] = [this.anchor, this.now].sort((a, b) => a - b);
    this.selected.clear();
    for (let at = from; at <= to; at++) this.selected.add(at);
  }

  toggle(at) {
    this.selected.has(at) ? this.selected.delete(at) : this.selected.add(at);
    this.update();
  }

  click(at, event) {
    this.now = at;
    if (event.shiftKey) this.range();
    else {
      this.anchor = at;
      this.selected.has(at) ? this.selected.delete(at) : this.selected.add(at);
    }
    this.update();
    this.focus();
  }

  columns() {
    const top = this.cells[0]?.offsetTop;
    const second = this.cells.findIndex((cell) => cell.offsetTop > top);
    return second < 0 ? this.cells.length : second;
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns(), ArrowDown: this.columns() };
    const does = {
      Enter: () => this.act("confirm"),
      " ": () => this.toggle(this.now),
      a: () => { this.cells.forEach((_, at) => this.selected.add(at)); this.update(); },
      b: () => this.all("burst"),
      c: () => this.all("group"),
      n: () => this.act("undecided"),
      f: () => this.act("flag"),
      w: () => this.act("withdraw"),
      u: () => this.act("undo"),
      s: () => this.move(this.now + 1),
      "/": () => this.typed.focus(),
      Escape: () => { this.selected.clear(); this.update(); },
      PageDown: () => this.act("next"),
      PageUp: () => this.act("previous"),
      Home: () => this.move(0),
      End: () => this.move(this.cells.length - 1),
    }[event.key];
    const label = KEYS.includes(event.key) ? this.data.keys[KEYS.indexOf(event.key)] : undefined;
    if (event.key in steps) this.move(this.now + steps[event.key], event.shiftKey);
    else if (does) does();
    else if (label !== undefined) this.act("label", label);
    else return;
    event.preventDefault();
    event.stopPropagation(); // Streamlit has keys of its own
  }

  // Select what is of one burst, or of one group of alike photos, with the photo that has the focus.
  all(kind) {
    const own = this.data.photos[this.now][kind];
    this.data.photos.forEach((photo, at) => {
      if (at === this.now || (own >= 0 && photo[kind] === own)) this.selected.add(at); // below 0: not known
    });
    this.update();
  }

  act(kind, label = "") {
    const chosen = this.selected.size ? [...this.selected].sort((a, b) => a - b) : [this.now];
    const photos = chosen.map((at) => this.data.photos[at]?.id).filter((id) => id !== undefined);
    const moves = ["undo", "next", "previous"].includes(kind);
    const shown = { confirm: "Confirmed", label, undecided: "Not sure", flag: "Flagged", withdraw: "" }[kind];
    const last = this.pending.at(-1)?.number ?? this.data.answered;
    this.pending.push({ number: last + 1, kind, label, photos: moves ? [] : photos, shown });
    // All that is not answered yet goes along: the server draws a page only once for several quick keys.
    this.send("actions", this.pending.map(({ number, kind, label, photos }) => ({ number, kind, label, photos, screen: this.screen })));
    if (!moves) {
      this.selected.clear();
      this.now = this.anchor = Math.min(chosen.at(-1) + 1, this.cells.length - 1);
      this.focus();
    }
    this.update();
  }
}
