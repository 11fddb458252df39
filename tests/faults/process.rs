//! A gateway in a process of its own, so that it can be killed, halted and starved.

use jackfield_load::Door;
use std::io::{BufRead, BufReader, Read};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::JoinHandle;

/// A folder that goes with the test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name =
            format!("jackfield-faults-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A demo gateway. Dropped, it is killed.
pub(crate) struct Gateway {
    child: Child,
    data: PathBuf,
    port: u16,
    errors: Option<JoinHandle<String>>,
}

impl Gateway {
    /// Starts a gateway on these data, on a free port.
    pub(crate) fn start(data: &Path) -> Self {
        Self::try_start(data, 0).unwrap_or_else(|(status, errors)| panic!("no start ({status}): {errors}"))
    }

    /// Starts a gateway; when it ends before it serves, how, and what it said.
    pub(crate) fn try_start(data: &Path, port: u16) -> Result<Self, (ExitStatus, String)> {
        let mut child = command(data, port).spawn().unwrap();
        let errors = drain(child.stderr.take().unwrap());
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines.by_ref().map_while(Result::ok).find(|line| line.starts_with("ready "));
        let Some(ready) = ready else {
            return Err((child.wait().unwrap(), errors.join().unwrap()));
        };
        // What else it prints has to go somewhere, or it would block.
        std::thread::spawn(move || lines.for_each(drop));
        let port = ready.rsplit(':').next().unwrap().trim_end_matches('/').parse().unwrap();
        Ok(Self { child, data: data.to_owned(), port, errors: Some(errors) })
    }

    pub(crate) fn door(&self) -> Door {
        Door::new(self.address(), format!("http://localhost:{}", self.port))
    }

    pub(crate) fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// kill -9: no farewell, nothing flushed.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again, on the same port and data.
    pub(crate) fn restart(&mut self) {
        let next = Self::try_start(&self.data, self.port);
        *self = next.unwrap_or_else(|(status, errors)| panic!("no second start ({status}): {errors}"));
    }

    /// Asks it to end, and waits until it has. Returns what it wrote to its log as well.
    pub(crate) fn terminate(&mut self) -> (ExitStatus, String) {
        self.signal("TERM");
        let status = self.child.wait().unwrap();
        (status, self.errors.take().map(|errors| errors.join().unwrap()).unwrap_or_default())
    }

    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Memory in use, in bytes (VmRSS).
    pub(crate) fn memory(&self) -> u64 {
        self.status("VmRSS:") * 1024
    }

    /// Threads.
    pub(crate) fn threads(&self) -> u64 {
        self.status("Threads:")
    }

    /// Open files and sockets.
    pub(crate) fn descriptors(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.child.id())).unwrap().count()
    }

    fn status(&self, of: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with(of)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(data: &Path, port: u16) -> Command {
    let binary = std::env::var_os("JACKFIELD_GATEWAY").map_or_else(built, PathBuf::from);
    assert!(binary.is_file(), "{} is missing: cargo xtask build", binary.display());
    let mut command = Command::new(binary);
    command.args(["demo", "--port", &port.to_string(), "--data"]).arg(data);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The gateway that cargo built last: beside this test, or the one that ships.
fn built() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let name = format!("jackfield-gateway{}", std::env::consts::EXE_SUFFIX);
    ["release", "debug"]
        .map(|profile| target.join(profile).join(&name))
        .into_iter()
        .max_by_key(|path| path.metadata().and_then(|file| file.modified()).ok())
        .unwrap_or_default()
}

fn drain(mut stream: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = Vec::new();
        let _ = stream.read_to_end(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    })
}
