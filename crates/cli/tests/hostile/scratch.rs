//! A directory of its own for each test, and a run of the binary over it.

use serde_json::Value;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// A debug build on a busy machine has this long; what hangs or explodes takes longer.
const PATIENCE: Duration = Duration::from_secs(100);

/// A template with one finding, which must be found whatever stands beside it.
pub(crate) const GOOD: &str = "AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {FunctionName: orders}
  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !Ref Orders, AuthType: NONE}
";

pub(crate) struct Scratch {
    root: PathBuf,
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

impl Scratch {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!(
            "maremma-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let root = std::env::temp_dir().join(name);
        fs::create_dir_all(root.join("in")).expect("a directory");
        fs::create_dir_all(root.join("out")).expect("a directory");
        Scratch { root }
    }

    /// With a good template beside one file.
    pub(crate) fn with(name: &str, content: impl AsRef<[u8]>) -> Self {
        let scratch = Scratch::new();
        scratch.write("good.yaml", GOOD);
        scratch.write(name, content);
        scratch
    }

    pub(crate) fn input(&self) -> PathBuf {
        self.root.join("in")
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.input().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, content).expect("a file");
    }

    /// Runs `maremma` in the input directory.
    pub(crate) fn maremma(&self, args: &[&str]) -> Ran {
        let (stdout, stderr) = (self.root.join("stdout"), self.root.join("stderr"));
        let mut child = Command::new(env!("CARGO_BIN_EXE_maremma"))
            .args(args)
            .current_dir(self.input())
            .stdout(File::create(&stdout).expect("a file"))
            .stderr(File::create(&stderr).expect("a file"))
            .spawn()
            .expect("the binary starts");
        let start = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().expect("a child") {
                break status;
            }
            if start.elapsed() > PATIENCE {
                let _ = child.kill();
                panic!("maremma {args:?} hangs");
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let read = |path: &Path| String::from_utf8_lossy(&fs::read(path).expect("a file")).into_owned();
        let ran = Ran {
            code: status.code(),
            stdout: read(&stdout),
            stderr: read(&stderr),
        };
        assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
        assert!(ran.code.is_some(), "killed by a signal: {status}");
        ran
    }

    /// Scans the input directory into every format; each must be there, whatever the input.
    pub(crate) fn scan(&self) -> Scanned {
        let [json, sarif, html] = ["json", "sarif", "html"].map(|format| self.root.join("out").join(format));
        let formats = [&json, &sarif, &html].map(|path| {
            let format = path.file_name().unwrap_or_default().display();
            format!("{format}={}", path.display())
        });
        let mut arguments = vec!["scan", ".", "--format", "text"];
        arguments.extend(formats.iter().flat_map(|format| ["--format", format]));
        let ran = self.maremma(&arguments);
        let sarif = fs::read_to_string(sarif).expect("a SARIF report");
        serde_json::from_str::<Value>(&sarif).expect("JSON");
        let json = fs::read_to_string(json).expect("a JSON report");
        Scanned {
            report: serde_json::from_str(&json).expect("JSON"),
            json,
            sarif,
            html: fs::read_to_string(html).expect("an HTML report"),
            ran,
        }
    }
}

pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) struct Scanned {
    pub(crate) ran: Ran,
    pub(crate) report: Value,
    pub(crate) json: String,
    pub(crate) sarif: String,
    pub(crate) html: String,
}

impl Scanned {
    /// Everything that the run wrote.
    pub(crate) fn written(&self) -> [&str; 5] {
        [&self.ran.stdout, &self.ran.stderr, &self.json, &self.sarif, &self.html]
    }

    /// The finding of the good template is there, and fails the run.
    #[track_caller]
    pub(crate) fn still_finds_the_good_one(&self) -> &Self {
        let found = self.report["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .any(|finding| finding["check"] == "url-auth-none" && finding["location"]["file"] == "good.yaml");
        assert!(found, "{}\n{}", self.ran.stdout, self.ran.stderr);
        assert_eq!(self.ran.code, Some(1));
        self
    }

    /// A gap tells of a line of a file, in JSON and in text.
    #[track_caller]
    pub(crate) fn tells(&self, file: &str, line: u64, words: &str) -> &Self {
        let gaps = self.report["gaps"].as_array().expect("gaps");
        let told = gaps.iter().any(|gap| {
            gap["location"]["file"] == file
                && gap["location"]["line"] == line
                && gap["reason"].as_str().is_some_and(|reason| reason.contains(words))
        });
        assert!(told, "no gap at {file}:{line} with {words:?} among {gaps:#?}");
        assert!(
            self.ran.stdout.contains(&format!("{file}:{line}:")),
            "{}",
            self.ran.stdout
        );
        self
    }
}
