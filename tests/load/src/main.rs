//! Many clients in one process, for `tests/bench/sessions.mjs`. Reads tokens from a file, one a line; says on stdout, in JSON lines, how far
//! it is; goes on when a line comes on stdin, and ends when stdin does.
//!
//! ```text
//! jackfield-load hold   127.0.0.1:8080 http://localhost:8080 TOKENS
//! jackfield-load fanout 127.0.0.1:8080 http://localhost:8080 WATCHERS MOVERS ROUNDS
//! ```

mod fanout;
mod hold;

use jackfield_load::{Door, LoadError};
use std::process::ExitCode;

const USAGE: &str = "usage: jackfield-load hold ADDRESS ORIGIN TOKENS\n       jackfield-load fanout ADDRESS ORIGIN WATCHERS MOVERS ROUNDS";

// One thread: the gateway under measurement has the other core.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("jackfield-load: {problem}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Vec<String>) -> Result<(), String> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["hold", address, origin, tokens] => {
            hold::run(&door(address, origin)?, &lines(tokens)?).await.map_err(told)
        }
        ["fanout", address, origin, watchers, movers, rounds] => {
            let rounds = rounds.parse().map_err(|_| format!("{rounds:?} is no number of rounds\n{USAGE}"))?;
            fanout::run(&door(address, origin)?, &lines(watchers)?, &lines(movers)?, rounds)
                .await
                .map_err(told)
        }
        _ => Err(USAGE.to_owned()),
    }
}

fn door(address: &str, origin: &str) -> Result<Door, String> {
    let address = address.parse().map_err(|_| format!("{address:?} is no address like 127.0.0.1:8080"))?;
    Ok(Door::new(address, origin))
}

fn lines(path: &str) -> Result<Vec<String>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    Ok(text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

fn told(error: LoadError) -> String {
    error.to_string()
}

/// Tells the bench something, as a line of its own.
fn tell(fact: &serde_json::Value) {
    println!("{fact}");
}
