//! Jackfield's build, tests, benches and demo.
fn main() {}
