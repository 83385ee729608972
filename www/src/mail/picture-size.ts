//! How large a picture is, by its first bytes, without drawing it.

export type Size = { readonly width: number; readonly height: number };

/** Null where it isn't known; a browser then finds out for itself. */
export function pictureSize(bytes: Uint8Array): Size | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const begins = (...start: number[]) => start.every((byte, at) => bytes[at] === byte);
  try {
    if (begins(0x89, 0x50, 0x4e, 0x47)) return { width: view.getUint32(16), height: view.getUint32(20) };
    if (begins(0x47, 0x49, 0x46)) return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
    if (begins(0x42, 0x4d))
      return { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) };
    if (begins(0x52, 0x49, 0x46, 0x46)) return webp(view);
    if (begins(0xff, 0xd8)) return jpeg(view);
    return avif(bytes, view);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Three kinds of first chunk: extended, lossless, lossy. */
function webp(view: DataView): Size | null {
  switch (view.getUint32(12)) {
    case 0x56503858:
      return {
        width: 1 + (view.getUint32(24, true) & 0xffffff),
        height: 1 + (view.getUint32(26, true) >>> 8),
      };
    case 0x5650384c: {
      const bits = view.getUint32(21, true);
      return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
    }
    case 0x56503820:
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    default:
      return null;
  }
}

/** From segment to segment, up to the frame's header. */
function jpeg(view: DataView): Size | null {
  for (let at = 2, segments = 0; segments < 200; segments += 1) {
    const marker = view.getUint16(at);
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

/** The `ispe` box near the beginning. */
function avif(bytes: Uint8Array, view: DataView): Size | null {
  for (let at = 0; at < Math.min(bytes.length - 16, 2_048); at += 1) {
    if (view.getUint32(at) === 0x69737065)
      return { width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
  }
  return null;
}
