//! What code a variable of a function's environment makes its runtime load, and from where.
//!
//! Sources: AWS Lambda developer guide, "Modifying the runtime environment" and "Layer paths for each
//! Lambda runtime"; the manuals of Node.js (`NODE_OPTIONS`), Java (`java`), Python (`PYTHONPATH`),
//! Ruby (`RUBYOPT`), Perl (`perlrun`), .NET ("Debugging and profiling settings") and ld.so.

use maremma_model::Text;

/// Where code is loaded from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// `/tmp`: what the function itself writes, and what stays there for the next invocation.
    Temporary,
    /// `/opt`, which layers fill.
    Layers,
    /// The function's package, the runtime, or a file system that is mounted.
    Own,
    /// A part of the path that decides is not known.
    Unknown,
}

/// One path that code is loaded from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Loaded {
    pub(crate) path: String,
    pub(crate) place: Place,
}

/// How a variable says what to load.
enum Form {
    /// A path, or several.
    Paths,
    /// Directories that are searched; those that the runtime searches by itself add nothing.
    Search,
    /// Options of an interpreter: those that take one path, and those that take a list.
    Options(&'static [&'static str], &'static [&'static str]),
}

const JAVA: Form = Form::Options(
    &["-javaagent:", "-agentpath:"],
    &[
        "-Xbootclasspath:",
        "-Xbootclasspath/a:",
        "-Xbootclasspath/p:",
        "-Djava.class.path=",
        "-Djava.endorsed.dirs=",
        "-Djava.ext.dirs=",
        "-Djava.library.path=",
        "-cp",
        "-classpath",
        "--class-path",
        "--module-path",
        "--patch-module",
    ],
);

/// `PYTHONSTARTUP` is not among them: Python reads it in interactive sessions only.
const HOOKS: &[(&str, Form)] = &[
    ("AWS_LAMBDA_EXEC_WRAPPER", Form::Paths),
    ("BASH_ENV", Form::Paths),
    ("CORECLR_PROFILER_PATH", Form::Paths),
    ("CORECLR_PROFILER_PATH_64", Form::Paths),
    ("CORECLR_PROFILER_PATH_ARM64", Form::Paths),
    ("DOTNET_ADDITIONAL_DEPS", Form::Paths),
    ("DOTNET_PROFILER_PATH", Form::Paths),
    ("DOTNET_SHARED_STORE", Form::Paths),
    ("DOTNET_STARTUP_HOOKS", Form::Paths),
    ("GEM_HOME", Form::Search),
    ("GEM_PATH", Form::Search),
    ("JAVA_TOOL_OPTIONS", JAVA),
    ("JDK_JAVA_OPTIONS", JAVA),
    ("LD_AUDIT", Form::Paths),
    ("LD_LIBRARY_PATH", Form::Search),
    ("LD_PRELOAD", Form::Paths),
    (
        "NODE_OPTIONS",
        Form::Options(
            &[
                "--require",
                "-r",
                "--import",
                "--loader",
                "--experimental-loader",
                "--openssl-config",
            ],
            &[],
        ),
    ),
    ("NODE_PATH", Form::Search),
    ("PERL5LIB", Form::Search),
    ("PERL5OPT", Form::Options(&["-I"], &[])),
    ("PYTHONHOME", Form::Search),
    ("PYTHONPATH", Form::Search),
    ("RUBYLIB", Form::Search),
    ("RUBYOPT", Form::Options(&["-r", "--require"], &["-I"])),
    ("_JAVA_OPTIONS", JAVA),
];

/// What a runtime searches of the layers without being told to.
const SEARCHED: &[&str] = &["/opt/java/lib", "/opt/lib", "/opt/nodejs", "/opt/python", "/opt/ruby"];

/// Stands for what is not known of a value.
const HOLE: char = '\u{fffc}';

/// The paths that a variable loads code from; `None` for a variable that loads none.
pub(crate) fn loaded(variable: &str, value: &Text) -> Option<Vec<Loaded>> {
    let (_, form) = HOOKS.iter().find(|(name, _)| *name == variable)?;
    let value = value.marked(HOLE);
    Some(match form {
        Form::Paths => list(&value).map(located).collect(),
        Form::Search => list(&value)
            .map(located)
            .filter(|loaded| !searched_anyway(&loaded.path))
            .collect(),
        Form::Options(single, lists) => options(&value, single, lists),
    })
}

fn list(value: &str) -> impl Iterator<Item = &str> {
    value.split([':', ';', ' ']).filter(|path| !path.is_empty())
}

fn options(value: &str, single: &[&str], lists: &[&str]) -> Vec<Loaded> {
    let mut found = Vec::new();
    let mut words = value.split_whitespace().map(unquoted);
    while let Some(word) = words.next() {
        if word.starts_with(HOLE) {
            found.push(located(word));
            continue;
        }
        let takes = |options: &[&str]| options.iter().find_map(|option| argument(word, option));
        let (argument, is_list) = match (takes(single), takes(lists)) {
            (Some(argument), _) => (argument, false),
            (None, Some(argument)) => (argument, true),
            (None, None) => continue,
        };
        let Some(argument) = argument.or_else(|| words.next()) else {
            continue;
        };
        if is_list {
            // `--patch-module` puts the module before its paths.
            let paths = argument.split_once('=').map_or(argument, |(_, paths)| paths);
            found.extend(list(paths).map(located));
        } else {
            // An agent's own options follow its path.
            found.push(located(argument.split('=').next().unwrap_or(argument)));
        }
    }
    found
}

/// The argument of an option that a word is: `Some(None)` where it is the next word.
fn argument<'w>(word: &'w str, option: &str) -> Option<Option<&'w str>> {
    let rest = word.strip_prefix(option)?;
    let joined = option.ends_with([':', '=']) || option.len() == 2 && !rest.is_empty();
    match rest.strip_prefix('=') {
        _ if joined => Some(Some(rest.strip_prefix('=').unwrap_or(rest))),
        Some(rest) => Some(Some(rest)),
        None => rest.is_empty().then_some(None),
    }
}

fn unquoted(word: &str) -> &str {
    word.trim_matches(['"', '\''])
}

/// A path as it is resolved from the function's directory.
fn located(path: &str) -> Loaded {
    let path = unquoted(path);
    let path = path.strip_prefix("file://").unwrap_or(path);
    if path.starts_with(HOLE) {
        return Loaded {
            path: shown(path),
            place: Place::Unknown,
        };
    }
    let mut parts: Vec<&str> = if path.starts_with('/') {
        vec![]
    } else {
        vec!["var", "task"]
    };
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let place = match parts.first() {
        Some(&"tmp") => Place::Temporary,
        Some(&"opt") => Place::Layers,
        Some(first) if first.contains(HOLE) => Place::Unknown,
        _ => Place::Own,
    };
    Loaded {
        path: shown(&format!("/{}", parts.join("/"))),
        place,
    }
}

fn shown(path: &str) -> String {
    path.replace(HOLE, "${...}")
}

fn searched_anyway(path: &str) -> bool {
    let below = |above: &&str| {
        path.strip_prefix(*above)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    SEARCHED.iter().any(below)
}

#[cfg(test)]
mod tests {
    use super::*;
    use maremma_model::Why;
    use maremma_model::secret::INTERPRETER_HOOKS;

    fn places(variable: &str, value: &str) -> Vec<(String, Place)> {
        let found = loaded(variable, &Text::literal(value)).unwrap();
        found.into_iter().map(|loaded| (loaded.path, loaded.place)).collect()
    }

    fn one(variable: &str, value: &str, path: &str, place: Place) {
        assert_eq!(
            places(variable, value),
            [(path.to_owned(), place)],
            "{variable}={value}"
        );
    }

    #[test]
    fn every_hook_is_kept_as_text() {
        for (name, _) in HOOKS {
            assert!(INTERPRETER_HOOKS.contains(name), "{name}");
        }
        assert!(loaded("PYTHONSTARTUP", &Text::literal("/tmp/x.py")).is_none());
        assert!(loaded("TABLE", &Text::literal("/tmp/x.py")).is_none());
    }

    #[test]
    fn options_that_load_code() {
        one(
            "NODE_OPTIONS",
            "--enable-source-maps --require /tmp/a.js",
            "/tmp/a.js",
            Place::Temporary,
        );
        one("NODE_OPTIONS", "-r /opt/a.js", "/opt/a.js", Place::Layers);
        one(
            "NODE_OPTIONS",
            "--import=file:///tmp/a.mjs",
            "/tmp/a.mjs",
            Place::Temporary,
        );
        one("NODE_OPTIONS", "--import ./a.mjs", "/var/task/a.mjs", Place::Own);
        one(
            "JAVA_TOOL_OPTIONS",
            "-javaagent:/opt/a.jar=8080:/tmp/a.yaml",
            "/opt/a.jar",
            Place::Layers,
        );
        one(
            "_JAVA_OPTIONS",
            "-Xbootclasspath/a:/tmp/a.jar",
            "/tmp/a.jar",
            Place::Temporary,
        );
        one("JAVA_TOOL_OPTIONS", "-cp /tmp/a", "/tmp/a", Place::Temporary);
        one(
            "JAVA_TOOL_OPTIONS",
            "--patch-module java.base=/tmp/a",
            "/tmp/a",
            Place::Temporary,
        );
        one("RUBYOPT", "-I/tmp/lib", "/tmp/lib", Place::Temporary);
        one("RUBYOPT", "-W0 -r /opt/a.rb", "/opt/a.rb", Place::Layers);
        one("PERL5OPT", "-I/tmp/lib -MDevel::Trace", "/tmp/lib", Place::Temporary);
    }

    #[test]
    fn options_that_load_none() {
        for harmless in [
            "--enable-source-maps --max-old-space-size=512",
            "--diagnostic-dir=/tmp --report-dir /tmp",
            "--heapsnapshot-near-heap-limit=1",
        ] {
            assert_eq!(places("NODE_OPTIONS", harmless), [], "{harmless}");
        }
        for harmless in [
            "-XX:+TieredCompilation -XX:TieredStopAtLevel=1",
            "-Djava.io.tmpdir=/tmp -XX:HeapDumpPath=/tmp/heap -Duser.home=/tmp",
        ] {
            assert_eq!(places("JAVA_TOOL_OPTIONS", harmless), [], "{harmless}");
        }
    }

    #[test]
    fn paths_and_what_is_searched_anyway() {
        one("PYTHONPATH", "/var/task/src", "/var/task/src", Place::Own);
        one(
            "PYTHONPATH",
            "/opt/python:/opt/python/lib:/tmp/deps",
            "/tmp/deps",
            Place::Temporary,
        );
        one(
            "LD_LIBRARY_PATH",
            "/opt/lib:/opt/library",
            "/opt/library",
            Place::Layers,
        );
    }

    #[test]
    fn what_is_not_known_of_a_path() {
        let hole = Text::hole(Why::Parameter("Root".into()));
        let of = |before: &str| {
            let text = Text::concat([&Text::literal(before), &hole, &"/lib".into()]);
            loaded("PYTHONPATH", &text).unwrap()
        };
        assert_eq!(of("")[0].place, Place::Unknown);
        assert_eq!(of("/")[0].place, Place::Unknown);
        assert_eq!(of("/tmp/")[0].place, Place::Temporary);
        assert_eq!(of("/tmp/")[0].path, "/tmp/${...}/lib");
        assert_eq!(of("/var/task/")[0].place, Place::Own);
        let options = loaded("NODE_OPTIONS", &hole).unwrap();
        assert_eq!(options[0].place, Place::Unknown);
        let memory = Text::concat([&"--max-old-space-size=".into(), &hole]);
        assert_eq!(loaded("NODE_OPTIONS", &memory).unwrap(), []);
    }
}
