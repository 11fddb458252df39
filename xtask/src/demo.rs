//! The demo: a gateway with a demo tenant, on the loopback interface.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{self, Signal};
use nix::unistd::Pid;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::build::Gateway;
use crate::cli::DemoOptions;
use crate::problem::{Context, Outcome, Problem};
use crate::workspace::Workspace;
use crate::{build, setup, shell};

/// How long the gateway may take to serve. Far more than it needs, even on a busy machine.
const START_LIMIT: Duration = Duration::from_secs(30);
/// How long it may take to say goodbye to its clients.
const STOP_LIMIT: Duration = Duration::from_secs(15);

/// Builds, starts the gateway, prints `ready` with the links, and stays until Ctrl-C or SIGTERM.
///
/// # Errors
/// When the port is taken, a build fails, or the gateway ends by itself.
pub(crate) fn run(workspace: &Workspace, options: &DemoOptions) -> Outcome<()> {
    // Before the build: nobody likes to hear after two minutes that the port was taken.
    check_port(options.port)?;
    let tools = setup::for_build(workspace)?;
    build::everything(workspace, &tools)?;
    check_port(options.port)?;
    let data = options.data.clone().unwrap_or_else(|| workspace.target("demo"));
    std::fs::create_dir_all(&data).doing(format_args!("create {}", data.display()))?;
    serve(workspace, options.port, &data)
}

fn check_port(port: u16) -> Outcome<()> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map(drop).map_err(|reason| {
        let other = port.checked_add(1).unwrap_or(8080);
        let remedy = format!("stop the program that holds it, or: cargo xtask demo --port {other}");
        Problem::with_remedy(format!("port {port} can't be used: {reason}"), remedy)
    })
}

/// What can happen while the gateway runs.
enum Happening {
    Ready,
    Ended(std::io::Result<ExitStatus>),
    StopWanted,
}

fn serve(workspace: &Workspace, port: u16, data: &Path) -> Outcome<()> {
    // Handled, not blocked and waited for: the gateway would inherit the block, and never hear of its end.
    let signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).doing("watch for Ctrl-C")?;
    let gateway = start_gateway(workspace, port, data)?;
    let (tell, happenings) = mpsc::channel();
    watch_signals(signals, tell.clone());
    attend(gateway, port, tell, &happenings)
}

/// Stays with the gateway from its start to its end.
fn attend(mut gateway: Child, port: u16, tell: Sender<Happening>, all: &Receiver<Happening>) -> Outcome<()> {
    let output = gateway.stdout.take().ok_or_else(|| Problem::new("the gateway has no stdout"))?;
    let pid = Pid::from_raw(i32::try_from(gateway.id()).doing("read the gateway's process number")?);
    watch_end(gateway, tell.clone());
    watch_readiness(output, tell);
    follow(all, port, pid)
}

fn start_gateway(workspace: &Workspace, port: u16, data: &Path) -> Outcome<Child> {
    let binary = Gateway::Release.path(workspace);
    let mut command = Command::new(&binary);
    command
        .args(["demo", "--port", &port.to_string(), "--data"])
        .arg(data)
        .arg("--pages")
        .arg(workspace.pages());
    // A process group of its own: Ctrl-C in a terminal reaches the whole group, and the gateway would see it twice.
    command.stdin(Stdio::null()).stdout(Stdio::piped()).process_group(0);
    command.spawn().doing(format_args!("start {}", binary.display()))
}

fn watch_signals(mut signals: Signals, tell: Sender<Happening>) {
    thread::spawn(move || signals.forever().try_for_each(|_| tell.send(Happening::StopWanted)));
}

fn watch_end(mut gateway: Child, tell: Sender<Happening>) {
    thread::spawn(move || tell.send(Happening::Ended(gateway.wait())));
}

/// The gateway says on stdout when it serves: a line that begins with `ready`. The rest is for whoever looks on.
fn watch_readiness(output: impl Read + Send + 'static, tell: Sender<Happening>) {
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if line.starts_with("ready") {
                let _ = tell.send(Happening::Ready);
            } else {
                eprintln!("{line}");
            }
        }
    });
}

fn follow(happenings: &Receiver<Happening>, port: u16, gateway: Pid) -> Outcome<()> {
    match happenings.recv_timeout(START_LIMIT) {
        Ok(Happening::Ready) => print_links(port)?,
        Ok(Happening::StopWanted) => return stop(happenings, gateway),
        Ok(Happening::Ended(status)) => return Err(ended_early(status)),
        Err(_) => {
            stop(happenings, gateway)?;
            return Err(Problem::new(format!("the gateway was not ready after {} s", START_LIMIT.as_secs())));
        }
    }
    match happenings.recv() {
        Ok(Happening::Ended(status)) => Err(ended_early(status)),
        _ => stop(happenings, gateway),
    }
}

fn print_links(port: u16) -> Outcome<()> {
    let base = format!("http://localhost:{port}");
    let mut out = std::io::stdout().lock();
    writeln!(out, "ready {base}")
        .and_then(|()| writeln!(out, "  agent       {base}/agent"))
        .and_then(|()| writeln!(out, "  customer    {base}/"))
        .and_then(|()| writeln!(out, "  supervisor  {base}/supervisor"))
        .and_then(|()| out.flush())
        .doing("print the links")?;
    shell::note("demo", "Ctrl-C ends it");
    Ok(())
}

/// Asks the gateway to end, and waits until it has. A second Ctrl-C ends it at once.
fn stop(happenings: &Receiver<Happening>, gateway: Pid) -> Outcome<()> {
    shell::note("demo", "stopping");
    let _ = signal::kill(gateway, Signal::SIGTERM);
    let deadline = Instant::now() + STOP_LIMIT;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        match happenings.recv_timeout(left) {
            Ok(Happening::Ended(_)) => return Ok(()),
            Ok(Happening::Ready) => {}
            Ok(Happening::StopWanted) | Err(_) => break,
        }
    }
    let _ = signal::kill(gateway, Signal::SIGKILL);
    Err(Problem::new("the gateway did not end by itself and was killed; its data is safe"))
}

fn ended_early(status: std::io::Result<ExitStatus>) -> Problem {
    let how = status.map_or_else(|error| error.to_string(), |status| status.to_string());
    Problem::with_remedy(format!("the gateway ended by itself ({how})"), "see its messages above")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named_with_a_way_out() {
        let holder = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = holder.local_addr().unwrap().port();
        let text = check_port(port).unwrap_err().to_string();
        assert!(text.contains(&port.to_string()) && text.contains("--port"), "{text}");
    }

    #[test]
    fn a_free_port_is_taken_for_what_it_is() {
        // A port just given up may be held a moment longer by a child another test is about to start: it has every
        // open file until it runs its program. So not one port is tried but a few.
        let given_up = || {
            let holder = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
            holder.local_addr().unwrap().port()
        };
        assert!((0..20).any(|_| check_port(given_up()).is_ok()));
    }

    #[test]
    fn the_gateways_own_line_means_ready() {
        let (tell, happenings) = mpsc::channel();
        watch_readiness("listening\nready http://localhost:8080\n".as_bytes(), tell);
        assert!(matches!(happenings.recv(), Ok(Happening::Ready)));
        assert!(happenings.recv().is_err(), "one line, one event");
    }

    /// A stand-in for the gateway: this shell script.
    fn attended(script: &str, happening: Option<Happening>) -> Outcome<()> {
        let (tell, happenings) = mpsc::channel();
        let mut shell = Command::new("sh");
        shell.args(["-c", script]).stdin(Stdio::null()).stdout(Stdio::piped());
        happening.into_iter().for_each(|happening| tell.send(happening).unwrap());
        attend(shell.spawn().unwrap(), 8080, tell, &happenings)
    }

    #[test]
    fn a_wanted_stop_is_no_failure() {
        let patient = "trap 'kill $!; exit 0' TERM; sleep 60 & echo ready; wait";
        assert!(attended(patient, Some(Happening::StopWanted)).is_ok());
    }

    #[test]
    fn a_gateway_that_ends_by_itself_is_one() {
        for script in ["exit 3", "echo ready; exit 3"] {
            let text = attended(script, None).unwrap_err().to_string();
            assert!(text.contains("ended by itself"), "{text}");
        }
    }
}
