//! Makes the JavaScript glue of one wasm artefact: `jackfield-bindgen INPUT.wasm OUTPUT_DIR NAME`.
//!
//! The output is `NAME.js`, `NAME_bg.wasm` and, for crates with inline JavaScript, `snippets/`.

use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [input, output, name] = arguments.as_slice() else {
        eprintln!("usage: jackfield-bindgen INPUT.wasm OUTPUT_DIR NAME");
        return ExitCode::from(2);
    };
    match generate(input, output, name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{input}: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn generate(input: &str, output: &str, name: &str) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    let configured = bindgen.web(true).map_err(|error| format!("{error:#}"))?;
    configured
        .input_path(input)
        .out_name(name)
        // The types are written by hand in `pkg/`.
        .typescript(false)
        // A default `new URL("…wasm", import.meta.url)` in the glue would make bundlers emit the wasm a second
        // time, beside the one that the package's own loader names.
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(output)
        .map_err(|error| format!("{error:#}"))
}
