//! Jackfield's build, tests, benches and demo: `cargo xtask setup|build|demo|test|bench|size`.
//!
//! Progress and the output of the tools go to stderr; stdout carries results only (links, counts, figures).
//! Whatever goes wrong ends in one line that says what is missing and the command that mends it.

mod bench;
mod build;
mod cli;
mod demo;
mod problem;
mod setup;
mod shell;
mod size;
mod stamp;
mod test;
mod workspace;

use std::process::ExitCode;

use cli::Task;
use problem::Outcome;
use workspace::Workspace;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome<()> {
    let task = cli::parse(std::env::args_os())?;
    let workspace = Workspace::open()?;
    match task {
        Task::Help => {
            println!("{}", cli::USAGE);
            Ok(())
        }
        Task::Setup => setup::everything(&workspace).map(drop),
        Task::Build => {
            let tools = setup::for_build(&workspace)?;
            build::everything(&workspace, &tools)
        }
        Task::Demo(options) => demo::run(&workspace, &options),
        Task::Test { layers, gateway } => test::run(&workspace, &layers, gateway),
        Task::Bench { names, json } => bench::run(&workspace, &names, json),
        Task::Size { json } => size::run(&workspace, json),
    }
}
