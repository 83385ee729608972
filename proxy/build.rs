//! Takes the built web page into the binary: `../www/dist`, or the folder that `POSTERN_WWW_DIST` names.
//!
//! A proxy without it still builds and works; its page then says how to build it in. What others wrote of it all is told
//! at `/licences.txt`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use sha1::{Digest, Sha1};

fn main() -> io::Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let dist = match env::var_os("POSTERN_WWW_DIST") {
        Some(dist) => PathBuf::from(dist),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/dist"),
    };
    println!("cargo::rerun-if-env-changed=POSTERN_WWW_DIST");
    println!("cargo::rerun-if-changed={}", watched(&dist).display());
    let mut files = BTreeMap::new();
    if dist.join("index.html").is_file() {
        collect(&dist, "", &mut files)?;
    } else {
        files.insert("/index.html".to_owned(), NOT_BUILT.as_bytes().to_vec());
    }
    let notices = Path::new(env!("CARGO_MANIFEST_DIR")).join("licences.txt");
    println!("cargo::rerun-if-changed={}", notices.display());
    files.insert("/licences.txt".to_owned(), fs::read(notices)?);
    let mut source = String::from("static ASSETS: &[Asset] = &[\n");
    for (index, (path, body)) in files.iter().enumerate() {
        write_asset(&mut source, &out, index, path, body)?;
    }
    source.push_str("];\n");
    fs::write(out.join("assets.rs"), source)
}

/// What to build again for. Cargo takes a path that is not there as changed each time, so a page that is not built yet
/// is watched for from the folder where it will be.
fn watched(dist: &Path) -> &Path {
    match dist.parent() {
        Some(parent) if !dist.exists() => parent,
        _ => dist,
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{prefix}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &path, files)?;
        } else {
            files.insert(path, fs::read(entry.path())?);
        }
    }
    Ok(())
}

fn write_asset(source: &mut String, out: &Path, index: usize, path: &str, body: &[u8]) -> io::Result<()> {
    let plain = out.join(format!("{index}.bin"));
    fs::write(&plain, body)?;
    let compressed = compress(body)?;
    let brotli = if compressed.len() < body.len() {
        let file = out.join(format!("{index}.br"));
        fs::write(&file, compressed)?;
        format!("Some(include_bytes!({file:?}))")
    } else {
        "None".to_owned()
    };
    // It tells versions apart, no more, so the short and quick SHA-1 is enough.
    let hash = Sha1::digest(body).iter().fold(String::new(), |hash, byte| hash + &format!("{byte:02x}"));
    let media_type = media_type(path);
    let written = writeln!(
        source,
        "    Asset {{ path: {path:?}, media_type: {media_type:?}, hash: {hash:?}, \
         body: include_bytes!({plain:?}), brotli: {brotli} }},"
    );
    written.map_err(io::Error::other)
}

fn compress(body: &[u8]) -> io::Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams { quality: 9, lgwin: 22, ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &body[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

/// Browsers refuse a module or wasm of another type, since we send `nosniff`.
fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

const NOT_BUILT: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>Postern</title>
<style>:root { color-scheme: light dark; font: 1rem/1.5 system-ui; } main { max-width: 40rem; margin: 10vh auto; padding: 1rem; }</style>
<main>
<h1>Postern is running</h1>
<p>This binary was built without the web page. The WebSocket endpoints work: <code>/imap</code>, <code>/smtp</code>.</p>
<p>To build the page in, run <code>npm ci</code> and <code>npm run build</code> in <code>www/</code>, then build
<code>postern</code> again. <code>POSTERN_WWW_DIST</code> names another folder to take the page from.</p>
</main>
</html>
";
