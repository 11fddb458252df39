//! The command line.

use crate::{
    config::Config,
    demo::{self, DemoOptions},
    gateway::{Gateway, Running},
};
use clap::{Parser, Subcommand};
use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Jackfield's gateway: voice, chat, presence and routing for contact centres.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the tenants of a configuration.
    Serve {
        /// The configuration; docs/configuration.md describes it.
        #[arg(long, default_value = "jackfield.toml")]
        config: PathBuf,
        /// Checks the configuration and ends.
        #[arg(long)]
        check_config: bool,
    },
    /// Serves a demo tenant, on this machine only.
    Demo {
        /// The TCP port; 0 for any.
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Where data and keys are kept.
        #[arg(long, default_value = "jackfield-demo")]
        data: PathBuf,
        /// The built pages.
        #[arg(long)]
        pages: Option<PathBuf>,
        /// One more origin whose pages may sign in, such as that of a development server. May be given several times.
        #[arg(long = "origin")]
        origins: Vec<String>,
    },
}

/// Runs the gateway by the arguments of the process, until it is asked to end.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    start_logging();
    raise_file_limit();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("the runtime can't be started: {error}")),
    };
    match runtime.block_on(run(cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => fail(&problem),
    }
}

async fn run(command: Command) -> Result<(), String> {
    // Watched from the beginning: a signal during the start ends the gateway cleanly, too.
    let mut signals = Signals::watch()?;
    let (running, file) = match command {
        Command::Serve { config: file, check_config } => {
            let config = Config::load(&file).map_err(|error| error.to_string())?;
            if check_config {
                return say("the configuration is good");
            }
            (Gateway::start(config).await, Some(file))
        }
        Command::Demo { port, data, pages, origins } => {
            (demo::start(DemoOptions { port, data, pages, origins }).await, None)
        }
    };
    let running = running.map_err(|error| error.to_string())?;
    say(&format!("ready {}", address(&running)))?;
    // The demo has no file: to it, a terminal that is gone is the end.
    while let (Wish::Reload, Some(file)) = (signals.next().await, &file) {
        reload(&running, file).await;
    }
    running.shutdown().await;
    Ok(())
}

/// A configuration that can't be used changes nothing: the gateway goes on as it was.
async fn reload(running: &Running, file: &Path) {
    let reloaded = match Config::load(file) {
        Ok(config) => running.reload(&config).await.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    if let Err(problem) = reloaded {
        tracing::error!("the configuration was not taken anew: {problem}");
    }
}

/// The address as a person types it.
fn address(running: &Running) -> String {
    let address = running.address();
    if address.ip().is_loopback() || address.ip().is_unspecified() {
        return format!("http://localhost:{}", address.port());
    }
    format!("http://{address}")
}

fn say(line: &str) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(|error| format!("stdout is closed: {error}"))
}

fn fail(problem: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "{problem}");
    ExitCode::FAILURE
}

/// `JACKFIELD_LOG` says how much is logged (`info`, or by part, as `info,jackfield_gateway=debug`), `JACKFIELD_LOG_FORMAT=json` how.
fn start_logging() {
    use tracing_subscriber::{EnvFilter, fmt};
    let filter = std::env::var("JACKFIELD_LOG").unwrap_or_else(|_| "info,str0m=warn".to_owned());
    let filter = EnvFilter::builder().parse_lossy(filter);
    let log = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    if std::env::var("JACKFIELD_LOG_FORMAT").as_deref() == Ok("json") {
        log.json().init();
    } else {
        log.with_ansi(false).init();
    }
}

/// A socket is a file to the system, and its usual limit of 1,024 is far too low here. Up to the hard limit a process may raise it itself.
fn raise_file_limit() {
    #[cfg(unix)]
    {
        use nix::sys::resource::{Resource, getrlimit, setrlimit};
        if let Ok((_, hard)) = getrlimit(Resource::RLIMIT_NOFILE) {
            let _ = setrlimit(Resource::RLIMIT_NOFILE, hard, hard);
        }
    }
}

/// What the system or a person wants of the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    Stop,
    Reload,
}

/// Where wishes come from: SIGTERM and SIGINT end it, SIGHUP lets it read its configuration anew.
struct Signals {
    #[cfg(unix)]
    all: [tokio::signal::unix::Signal; 3],
}

#[cfg(unix)]
impl Signals {
    fn watch() -> Result<Self, String> {
        use tokio::signal::unix::{SignalKind, signal};
        let watch = |kind| signal(kind).map_err(|error| format!("signals can't be watched: {error}"));
        let all = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()];
        let [terminate, interrupt, hangup] = all.map(watch);
        Ok(Self { all: [terminate?, interrupt?, hangup?] })
    }

    async fn next(&mut self) -> Wish {
        let [terminate, interrupt, hangup] = &mut self.all;
        tokio::select! {
            _ = terminate.recv() => Wish::Stop,
            _ = interrupt.recv() => Wish::Stop,
            _ = hangup.recv() => Wish::Reload,
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    fn watch() -> Result<Self, String> {
        Ok(Self {})
    }

    async fn next(&mut self) -> Wish {
        let _ = tokio::signal::ctrl_c().await;
        Wish::Stop
    }
}
