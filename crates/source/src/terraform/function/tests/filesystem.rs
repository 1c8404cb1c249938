//! Functions that read files.

use super::super::call;
use super::{Alone, holds, value};
use crate::terraform::value::Kind;
use maremma_model::Place;
use serde_json::json;
use std::fs;
use std::path::PathBuf;

/// A configuration below a directory of its own, beside a file that is not its.
struct Tree(PathBuf);

impl Tree {
    fn new(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("maremma-terraform-{name}-{}", std::process::id()));
        let module = root.join("repository/module");
        fs::create_dir_all(module.join("src/deep")).unwrap();
        fs::write(root.join("outside.txt"), "secret").unwrap();
        fs::write(root.join("repository/shared.txt"), "shared").unwrap();
        fs::write(module.join("policy.json"), "{\"a\": 1}\n").unwrap();
        fs::write(module.join("binary"), [0xff, 0x00]).unwrap();
        fs::write(module.join("src/a.py"), "a").unwrap();
        fs::write(module.join("src/b.txt"), "b").unwrap();
        fs::write(
            module.join("hello.tpl"),
            "hello ${upper(name)}%{ for x in list } ${x}%{ endfor }",
        )
        .unwrap();
        fs::write(
            module.join("outer.tpl"),
            "[${templatefile(\"hello.tpl\", {name = \"y\", list = []})}]",
        )
        .unwrap();
        fs::write(
            module.join("itself.tpl"),
            "x${templatefile(\"itself.tpl\", {})}${templatefile(\"itself.tpl\", {})}",
        )
        .unwrap();
        fs::write(module.join("src/deep/c.py"), "c").unwrap();
        fs::write(module.join("large"), vec![b'x'; (1 << 20) + 1]).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(root.join("outside.txt"), module.join("link.txt")).unwrap();
        Tree(root)
    }

    fn scope(&self) -> Alone {
        Alone::new(&self.0.join("repository/module"), &self.0.join("repository"))
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

#[test]
fn files_below_the_root_are_read() {
    let tree = Tree::new("read");
    let absolute = tree.0.join("repository/module/policy.json");
    let table = r#"
        file ["policy.json"] => "{\"a\": 1}\n"
        file ["ABSOLUTE"] => "{\"a\": 1}\n"
        file ["./src/../src/a.py"] => "a"
        file ["../shared.txt"] => "shared"
        file ["absent.txt"] => ! there is no file absent.txt
        file ["src"] => ! is not a file
        file ["binary"] => ! no text in UTF-8
        file ["${x}"] => ? parameter x
        file ["large"] => ? larger than is read
        fileexists ["policy.json"] => true
        fileexists ["lambda.zip"] => ? not there
        filebase64 ["binary"] => "/wA="
        filebase64 ["lambda.zip"] => ? not there
        filebase64sha256 ["src/a.py"] => "ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs="
        filebase64sha256 ["lambda.zip"] => ? not there
        filebase64sha512 ["lambda.zip"] => ? not there
        filemd5 ["src/a.py"] => "0cc175b9c0f1b6a831c399e269772661"
        filesha1 ["src/a.py"] => "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"
        filesha256 ["src/a.py"] => "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
        filesha512 ["src"] => ! is not a file
        fileset ["src", "**"] => ["a.py", "b.txt", "deep/c.py"]
        fileset ["src", "*.py"] => ["a.py"]
        fileset ["src", "**/*.py"] => ["a.py", "deep/c.py"]
        fileset ["src", "*.{py,txt}"] => ["a.py", "b.txt"]
        fileset ["absent", "*"] => []
        fileset ["src", "[" ] => ! is no pattern
        fileset ["src", "../*"] => ? out of its directory
        templatefile ["src/a.py", {}] => "a"
        templatefile ["hello.tpl", {"name": "x", "list": [1, "b"]}] => "hello X 1 b"
        templatefile ["hello.tpl", {"name": {"unknown": "n"}, "list": ["${@Arn}"]}] => "hello ${n} ${@Arn}"
        templatefile ["hello.tpl", {"name": "x", "list": []}] => "hello X"
        templatefile ["outer.tpl", {}] => "[hello Y]"
        templatefile ["policy.json", {}] => "{\"a\": 1}\n"
        templatestring ["plain", {}] => "plain"
        templatefile ["absent.tpl", {}] => ! there is no file
        basename ["a/b/c.txt"] => "c.txt"
        basename [""] => "."
        basename ["/"] => "/"
        basename ["a/b/"] => "b"
        dirname ["a/b/c.txt"] => "a/b"
        dirname ["c.txt"] => "."
        dirname ["/c.txt"] => "/"
        dirname ["a/./b/../c"] => "a"
        pathexpand ["~/.ssh/id"] => ? home directory
        pathexpand ["/etc/hosts"] => "/etc/hosts"
    "#;
    holds(|| tree.scope(), &table.replace("ABSOLUTE", absolute.to_str().unwrap()));
}

#[test]
fn nothing_outside_of_the_root_is_read() {
    let tree = Tree::new("outside");
    holds(
        || tree.scope(),
        r#"
        file ["../../outside.txt"] => ? outside of the configuration
        file ["/etc/hostname"] => ? outside of the configuration
        file ["link.txt"] => ? outside of the configuration
        file ["../../absent.txt"] => ? outside of the configuration
        file ["~/.bashrc"] => ? outside of the configuration
        fileexists ["/etc/passwd"] => ? outside of the configuration
        filesha256 ["/dev/zero"] => ? outside of the configuration
        filebase64sha256 ["../../lambda.zip"] => ? outside of the configuration
        fileset ["/etc", "*"] => ? outside of the configuration
        fileset ["../..", "*.txt"] => ? outside of the configuration
        fileset [".", "*.txt"] => ? links
        "#,
    );
}

#[test]
fn a_template_that_names_itself_ends() {
    let tree = Tree::new("itself");
    let scope = tree.scope();
    let arguments = vec![value(&json!("itself.tpl")), value(&json!({}))];
    let made = call("templatefile", arguments, &scope, Place::default());
    let Kind::Text(text) = made.kind else {
        return assert!(matches!(made.kind, Kind::Unknown(_)));
    };
    assert!(text.why().is_some());
}
