// Many files that are chosen or dropped become ZIPs before Streamlit's uploader gets them: it draws all of them again for
// every single one, and forgets the folders of what is dropped. The ZIPs are stored, not compressed: photos are already.
(() => {
  const MANY = 50;
  const MOST_BYTES = 64 * 2 ** 20; // of one ZIP: several show how far the upload is
  const COMMENT = "WildCam upload"; // wildcam.data.importers.packed.UPLOAD_COMMENT
  if (window.wildcamPacksUploads) return;
  window.wildcamPacksUploads = true;

  const CRC = Uint32Array.from({ length: 256 }, (_, value) => {
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    return value;
  });

  function crc32(bytes) {
    let crc = -1;
    for (let at = 0; at < bytes.length; at++) crc = CRC[(crc ^ bytes[at]) & 255] ^ (crc >>> 8);
    return ~crc >>> 0;
  }

  // Little-endian fields, each as [bytes, value].
  function record(...fields) {
    const view = new DataView(new ArrayBuffer(fields.reduce((sum, [size]) => sum + size, 0)));
    let at = 0;
    for (const [size, value] of fields) {
      size === 2 ? view.setUint16(at, value, true) : view.setUint32(at, value, true);
      at += size;
    }
    return view.buffer;
  }

  class Zip {
    parts = [];
    directory = [];
    size = 0;
    files = 0;

    add(path, content, crc) {
      const name = new TextEncoder().encode(path);
      // Version 2.0, names in UTF-8, stored, 1980-01-01.
      const common = [[2, 20], [2, 0x800], [2, 0], [2, 0], [2, 0x21], [4, crc], [4, content.size], [4, content.size], [2, name.length], [2, 0]];
      this.directory.push(record([4, 0x02014b50], [2, 20], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, this.size]), name);
      this.parts.push(record([4, 0x04034b50], ...common), name, content);
      this.size += 30 + name.length + content.size;
      this.files += 1;
    }

    file(name) {
      const comment = new TextEncoder().encode(COMMENT);
      const listed = new Blob(this.directory);
      const end = record([4, 0x06054b50], [2, 0], [2, 0], [2, this.files], [2, this.files], [4, listed.size], [4, this.size], [2, comment.length]);
      return new File([...this.parts, listed, end, comment], name, { type: "application/zip" });
    }
  }

  function say(text) {
    document.querySelectorAll(".wildcam-packing").forEach((place) => (place.textContent = text));
  }

  // Of a file that the uploader does not take only the name goes along, so that it is counted as passed over.
  function taken(path, file, accept) {
    const name = path.toLowerCase();
    const wanted = !name.split("/").at(-1).includes(".") || accept.split(",").some((end) => end.startsWith(".") && name.endsWith(end));
    return wanted ? file : new Blob();
  }

  async function packed(found, accept) {
    const top = found[0][0].split("/");
    const name = `${top.length > 1 ? top[0] : "photos"}.zip`;
    const zips = [new Zip()];
    const whole = found.filter(([path]) => path.toLowerCase().endsWith(".zip")).map(([, file]) => file);
    for (const [number, [path, file]] of found.entries()) {
      if (whole.includes(file)) continue;
      if (number % 20 === 0) say(`Reading ${number.toLocaleString("en")} of ${found.length.toLocaleString("en")} files …`);
      const content = taken(path, file, accept);
      const crc = crc32(new Uint8Array(await content.arrayBuffer()));
      if (zips.at(-1).files && (zips.at(-1).size + content.size > MOST_BYTES || zips.at(-1).files === 65535)) zips.push(new Zip());
      zips.at(-1).add(path, content, crc);
    }
    const transfer = new DataTransfer();
    for (const zip of zips) if (zip.files) transfer.items.add(zip.file(name));
    for (const file of whole) transfer.items.add(file);
    return transfer;
  }

  async function hand(found, input, deliver) {
    try {
      deliver(await packed(found, input.accept));
      say("");
    } catch (error) {
      say(`A file cannot be read (${error.message}): choose the files again.`);
    }
  }

  async function below(entry) {
    if (entry.isFile) return [[entry.fullPath.slice(1), await new Promise((done, failed) => entry.file(done, failed))]];
    const reader = entry.createReader();
    const found = [];
    for (;;) {
      const entries = await new Promise((done, failed) => reader.readEntries(done, failed));
      if (!entries.length) return found;
      for (const inner of entries) found.push(...(await below(inner)));
    }
  }

  document.addEventListener(
    "change",
    (event) => {
      const input = event.target;
      if (input.dataset?.testid !== "stFileUploaderDropzoneInput" || input.files.length <= MANY) return;
      event.stopImmediatePropagation();
      const found = [...input.files].map((file) => [file.webkitRelativePath || file.name, file]);
      hand(found, input, (transfer) => {
        input.files = transfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      });
    },
    true,
  );

  document.addEventListener(
    "drop",
    (event) => {
      const zone = event.target.closest?.('[data-testid="stFileUploaderDropzone"]');
      const input = zone?.querySelector("input");
      const entries = [...(event.dataTransfer?.items ?? [])].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
      if (!input?.multiple || !(entries.length > MANY || entries.some((entry) => entry.isDirectory))) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      Promise.all(entries.map(below)).then(
        (found) =>
          hand(found.flat(), input, (dataTransfer) => zone.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }))),
        (error) => say(`The folder cannot be read (${error.message}): choose it again.`),
      );
    },
    true,
  );
})();
