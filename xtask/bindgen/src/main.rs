//! Makes the JavaScript glue of one wasm artefact: `jackfield-bindgen INPUT.wasm OUTPUT_DIR NAME`.
//!
//! The output is `NAME.js`, `NAME_bg.wasm` and, for crates with inline JavaScript, `snippets/`.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use wasm_bindgen_cli_support::{Bindgen, EncodeInto, Output};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [input, output, name] = arguments.as_slice() else {
        eprintln!("usage: jackfield-bindgen INPUT.wasm OUTPUT_DIR NAME");
        return ExitCode::from(2);
    };
    match generate(Path::new(input), Path::new(output), name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{input}: {reason:#}");
            ExitCode::FAILURE
        }
    }
}

fn generate(input: &Path, folder: &Path, name: &str) -> Result<(), Box<dyn Error>> {
    let mut bindgen = Bindgen::new();
    let configured = bindgen
        .web(true)?
        .input_path(input)
        .out_name(name)
        // The types are written by hand in `pkg/`.
        .typescript(false)
        // A default `new URL("…wasm", import.meta.url)` in the glue would make bundlers emit the wasm a second
        // time, beside the one that the package's own loader names.
        .omit_default_module_path(true)
        // Every browser that has WebAssembly with reference types has it: no need of another way.
        .encode_into(EncodeInto::Always)
        .remove_name_section(true)
        .remove_producers_section(true);
    let mut output = configured.generate_output()?;
    let renamed = shorten_names(&mut output);
    output.emit(folder)?;
    let glue = folder.join(name).with_extension("js");
    let text = std::fs::read_to_string(&glue)?;
    std::fs::write(&glue, rename_all(encode_at_once(text)?, &renamed))?;
    Ok(())
}

/// Gives the functions between wasm and glue short names, and returns what was renamed, longest first.
///
/// wasm-bindgen's names end in a hash, to be unique among all crates. A hash does not compress, and each stands in both
/// files: together they would be some kilobytes of every download.
fn shorten_names(output: &mut Output) -> Vec<(String, String)> {
    let module = output.wasm_mut();
    let imports = module.imports.iter_mut().map(|import| &mut import.name);
    let exports = module.exports.iter_mut().map(|export| &mut export.name);
    let mut renamed = Vec::new();
    for name in imports.chain(exports).filter(|name| ends_in_hash(name)) {
        let short = format!("_{:x}", renamed.len());
        renamed.push((std::mem::replace(name, short.clone()), short));
    }
    renamed.sort_by_key(|(long, _)| std::cmp::Reverse(long.len()));
    renamed
}

/// wasm-bindgen's glue copies a text into the wasm's memory letter by letter, for as long as its letters are ASCII. That is quick for an id and five
/// times slower than the browser's own encoder for a message of the gateway, which is thousands of letters of ASCII: a tenth of all that an event costs.
///
/// # Errors
/// When the loop is not found: another version of wasm-bindgen writes it otherwise.
fn encode_at_once(glue: String) -> Result<String, String> {
    if !glue.contains("passStringToWasm0(") {
        return Ok(glue);
    }
    if glue.matches(BY_LETTER).count() != 1 {
        return Err("the glue's loop over a text's letters is not as it was; see encode_at_once".to_owned());
    }
    Ok(glue.replacen(BY_LETTER, SHORT_BY_LETTER, 1))
}

const BY_LETTER: &str = "for (; offset < len; offset++) {";
const SHORT_BY_LETTER: &str = "for (; len < 256 && offset < len; offset++) {";

/// `__wbg_now_0123456789abcdef`, or `…__invoke__h0123456789abcdef`.
fn ends_in_hash(name: &str) -> bool {
    let suffixed =
        |(_, tail): &(&str, &str)| tail.len() < 16 && tail.bytes().all(|byte| byte.is_ascii_digit());
    let name = name.rsplit_once('_').filter(suffixed).map_or(name, |(head, _)| head);
    let hash = name.rsplit('_').next().unwrap_or_default();
    let digits = hash.strip_prefix('h').unwrap_or(hash);
    let generated = name.starts_with("__wb") || name.starts_with("wasm_bindgen__");
    generated && digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn rename_all(text: String, renamed: &[(String, String)]) -> String {
    renamed.iter().fold(text, |text, (long, short)| rename(&text, long, short))
}

/// Renames whole names only: where closures share a type, wasm-bindgen tells their functions apart by a suffix
/// (`…__invoke__h0123456789abcdef_23`), so that one name may begin another.
fn rename(text: &str, long: &str, short: &str) -> String {
    let mut parts = text.split(long);
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let whole = !result.ends_with(is_of_name) && !part.starts_with(is_of_name);
        result.push_str(if whole { short } else { long });
        result.push_str(part);
    }
    result
}

fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || letter == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_generated_names() {
        for name in [
            "__wbg_now_2c8cbba0c3b2a8f1",
            "__wbindgen_cast_0000000000000001",
            "wasm_bindgen__convert__closures_____invoke__h5f0e4f1d7c2b3a69",
            "wasm_bindgen__convert__closures_____invoke__h5f0e4f1d7c2b3a69_23",
        ] {
            assert!(ends_in_hash(name), "{name}");
        }
        for name in
            ["memory", "__wbindgen_malloc", "session_close", "__wbg_session_free", "of_0123456789abcdef"]
        {
            assert!(!ends_in_hash(name), "{name}");
        }
    }

    #[test]
    fn long_texts_are_encoded_at_once() {
        let glue = format!("function passStringToWasm0(arg) {{ {BY_LETTER} }} }}");
        assert_eq!(encode_at_once(glue.clone()), Ok(glue.replace(BY_LETTER, SHORT_BY_LETTER)));
        assert!(encode_at_once("function passStringToWasm0(arg) {}".to_owned()).is_err());
        assert_eq!(encode_at_once(String::new()), Ok(String::new()));
    }

    #[test]
    fn renames_the_longer_of_two_alike_first() {
        let renamed = [("a__wbg_x".to_owned(), "_1".to_owned()), ("__wbg_x".to_owned(), "_0".to_owned())];
        assert_eq!(rename_all("a__wbg_x(__wbg_x)".to_owned(), &renamed), "_1(_0)");
    }

    #[test]
    fn renames_whole_names_only() {
        let renamed = [("__wbg_x".to_owned(), "_0".to_owned())];
        assert_eq!(
            rename_all("w.__wbg_x(); w.__wbg_x_23(a__wbg_x)".to_owned(), &renamed),
            "w._0(); w.__wbg_x_23(a__wbg_x)"
        );
    }
}
