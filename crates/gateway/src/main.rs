//! The gateway's binary. Everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    jackfield_gateway::cli::main()
}
