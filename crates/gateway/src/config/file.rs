//! Files and the environment.

use super::{Config, ConfigError, Problem, TenantEntry, TenantSettings, check, place};
use jackfield_wire::Secret;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

/// A variable of the environment, if it is set.
pub(super) type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

pub(super) fn load(path: &Path, env: Env<'_>) -> Result<Config, ConfigError> {
    parse(path, &read(path, None)?, env)
}

pub(super) fn parse(path: &Path, text: &str, env: Env<'_>) -> Result<Config, ConfigError> {
    let mut config: Config = deserialize(path, text)?;
    let base = path.parent().unwrap_or(Path::new("")).to_owned();
    override_by(&mut config, env)?;
    config.data_dir = base.join(&config.data_dir);
    config.pages.dir = config.pages.dir.map(|dir| base.join(dir));
    let mut checker = check::Checker::default();
    checker.main(&config, check::Source::new(path, text));
    for (n, entry) in std::mem::take(&mut config.entries).into_iter().enumerate() {
        let mut source = check::Source::new(path, text).at(format!("tenants[{n}]"));
        match settings(entry, &base, &mut source) {
            Ok(mut tenant) => {
                let from = source.path.parent().unwrap_or(Path::new("")).to_owned();
                resolve_secrets(&mut tenant, &from, env, &source, &mut checker);
                checker.tenant(&tenant, &source);
                config.tenants.push(tenant);
            }
            Err(problems) => checker.problems.extend(problems.problems),
        }
    }
    checker.finish().map(|()| config)
}

fn settings(
    entry: TenantEntry,
    base: &Path,
    source: &mut check::Source,
) -> Result<TenantSettings, ConfigError> {
    match entry {
        TenantEntry { file: Some(file), centre: None, auth: None } => {
            let path = base.join(file);
            let text = read(&path, Some(source))?;
            let settings = deserialize(&path, &text)?;
            *source = check::Source::new(&path, &text);
            Ok(settings)
        }
        TenantEntry { file: None, centre: Some(centre), auth: Some(auth) } => {
            Ok(TenantSettings { centre, auth })
        }
        _ => Err(source
            .problem(
                "",
                "a tenant is either a file or the two tables centre and auth",
                "Write one of the two",
            )
            .into()),
    }
}

fn deserialize<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, ConfigError> {
    toml::from_str(text).map_err(|error| {
        let offset = error.span().map(|span| span.start);
        let problem = error.message().lines().collect::<Vec<_>>().join(" ");
        let remedy = if problem.starts_with("unknown field") {
            "Correct the name, or remove the line"
        } else if problem.starts_with("missing field") {
            "Add it"
        } else {
            "Correct the value; docs/configuration.md describes every field"
        };
        Problem {
            file: path.to_owned(),
            line: offset.map(|offset| place::line_at(text, offset)),
            field: offset.map(|offset| place::field_at(text, offset)).unwrap_or_default(),
            problem,
            remedy: remedy.to_owned(),
        }
        .into()
    })
}

fn read(path: &Path, named_in: Option<&check::Source>) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|error| {
        let problem = format!("{} can't be read: {error}", path.display());
        let remedy = "Correct the path, or let the gateway's user read it";
        match named_in {
            Some(source) => source.problem("file", problem, remedy).into(),
            None => Problem {
                file: path.to_owned(),
                line: None,
                field: String::new(),
                problem,
                remedy: remedy.to_owned(),
            }
            .into(),
        }
    })
}

/// Variables of the environment lie above the file: addresses and folders differ between machines that share one.
fn override_by(config: &mut Config, env: Env<'_>) -> Result<(), ConfigError> {
    if let Some(list) = list(env, "JACKFIELD_LISTEN")? {
        config.listen = list;
    }
    if let Some(list) = list(env, "JACKFIELD_METRICS_LISTEN")? {
        config.metrics_listen = list.into_iter().next();
    }
    if let Some(list) = list(env, "JACKFIELD_MEDIA_BIND")? {
        config.media.bind = list;
    }
    if let Some(list) = list(env, "JACKFIELD_MEDIA_ADVERTISE")? {
        config.media.advertise = list;
    }
    if let Some(dir) = env("JACKFIELD_DATA_DIR") {
        config.data_dir = absolute(dir);
    }
    if let Some(dir) = env("JACKFIELD_PAGES_DIR") {
        config.pages.dir = Some(absolute(dir));
    }
    Ok(())
}

/// A path of the environment is meant from where the gateway is started, not from where the file lies.
fn absolute(dir: String) -> PathBuf {
    std::path::absolute(&dir).unwrap_or_else(|_| PathBuf::from(dir))
}

fn list<T: std::str::FromStr<Err: std::fmt::Display>>(
    env: Env<'_>,
    name: &str,
) -> Result<Option<Vec<T>>, ConfigError> {
    let Some(text) = env(name) else { return Ok(None) };
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    items.map(str::parse).collect::<Result<_, T::Err>>().map(Some).map_err(|error| {
        Problem {
            file: "the environment".into(),
            line: None,
            field: name.to_owned(),
            problem: format!("{text:?} can't be used: {error}"),
            remedy: "Write addresses with commas between them".to_owned(),
        }
        .into()
    })
}

/// Fetches secrets from where they are kept, so that everything later sees only the secret itself.
fn resolve_secrets(
    tenant: &mut TenantSettings,
    base: &Path,
    env: Env<'_>,
    source: &check::Source,
    checker: &mut check::Checker,
) {
    for (n, key) in tenant.auth.keys.iter_mut().enumerate() {
        key.jwks_file = key.jwks_file.take().map(|file| base.join(file));
        if key.secret.is_some() {
            continue;
        }
        let at = |field: &str| format!("auth.keys[{n}].{field}");
        if let Some(file) = &key.secret_file {
            match std::fs::read_to_string(base.join(file)) {
                Ok(text) => key.secret = Some(Secret::new(text.trim_end_matches(['\r', '\n']))),
                Err(error) => {
                    let problem = format!("{} can't be read: {error}", file.display());
                    checker.add(source.problem(&at("secret_file"), problem, "Correct the path"));
                }
            }
        } else if let Some(name) = &key.secret_env {
            match env(name) {
                Some(text) => key.secret = Some(Secret::new(text)),
                None => {
                    let problem = format!("the variable {name} is not set");
                    checker.add(source.problem(&at("secret_env"), problem, "Set it for the gateway"));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIN: &str = "listen = ['127.0.0.1:1']\ndata_dir = 'data'\n[media]\nbind = ['127.0.0.1:0']\n";

    #[test]
    fn the_environment_lies_above_the_file() {
        let env = |name: &str| match name {
            "JACKFIELD_LISTEN" => Some("127.0.0.1:7, [::1]:7".to_owned()),
            "JACKFIELD_MEDIA_ADVERTISE" => Some("127.0.0.1".to_owned()),
            "JACKFIELD_METRICS_LISTEN" => Some("127.0.0.1:9".to_owned()),
            _ => None,
        };
        let config = parse(Path::new("etc/x.toml"), MAIN, &env).unwrap();
        assert_eq!(config.listen, ["127.0.0.1:7".parse().unwrap(), "[::1]:7".parse().unwrap()]);
        assert_eq!(config.media.advertise, ["127.0.0.1".parse::<std::net::IpAddr>().unwrap()]);
        assert_eq!(config.metrics_listen, Some("127.0.0.1:9".parse().unwrap()));
        assert_eq!(config.data_dir, Path::new("etc/data"));
    }

    #[test]
    fn a_wrong_variable_is_named() {
        let env = |name: &str| (name == "JACKFIELD_LISTEN").then(|| "nonsense".to_owned());
        let error = parse(Path::new("x.toml"), MAIN, &env).unwrap_err().to_string();
        assert!(error.contains("JACKFIELD_LISTEN: \"nonsense\" can't be used"), "{error}");
    }
}
