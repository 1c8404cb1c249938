//! Checks of one's own: what is refused and where, and what expressions come to.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use jiff::civil::date;
use maremma_checks::user::{self, Expected};
use maremma_checks::{Context, Trust, UserCheck};
use maremma_model::{FileId, Finding};
use maremma_source::tree::{self, Syntax};
use maremma_source::{Deployment, Options, read_texts};

fn read(text: &str) -> Result<Vec<UserCheck>, Vec<String>> {
    let root = tree::parse(text, FileId(0), Syntax::Either).unwrap().root;
    user::read(&[("mine.yaml".to_owned(), root)]).map_err(|refused| refused.iter().map(ToString::to_string).collect())
}

/// A check about functions, with what else is said of it.
fn check(subject: &str, more: &str) -> String {
    format!(
        "id: mine\ntitle: The function is bad\nsubject: {subject}\n{more}\nexample:\n  - {{expect: fail, template: x}}\n  - {{expect: pass, template: x}}\n"
    )
}

fn refused(more: &str) -> Vec<String> {
    read(&check("AWS::Lambda::Function", more)).unwrap_err()
}

fn judged(checks: &[UserCheck], template: &str) -> Vec<Finding> {
    let options = Options {
        deployment: Deployment {
            region: Some("eu-west-1".to_owned()),
            ..Deployment::default()
        },
        ..Options::default()
    };
    let estate = read_texts(&[("template.yaml", template)], &options);
    assert_eq!(estate.gaps, []);
    let trust = Trust::default();
    let context = Context::new(&estate, &trust, date(2026, 6, 1));
    let [check] = checks else { panic!("{checks:?}") };
    check.verdicts(&context)
}

const TEMPLATE: &str = r#"
Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod]}
  Name: {Type: String}
  Seconds: {Type: Number}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  Other: !Equals [!Ref Name, x]
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: !Sub "team-${Name}-orders"
      Runtime: python3.12
      Handler: app.handler
      Role: !GetAtt Role.Arn
      Timeout: !If [IsProd, 30, 60]
      MemorySize: !If [IsProd, 512, 1024]
      ReservedConcurrentExecutions: !Ref Seconds
      Layers: [!If [Other, "arn:aws:lambda:eu-west-1:111122223333:layer:one:1", !Ref AWS::NoValue]]
      Environment:
        Variables: {TOKEN: hunter2hunter2, NODE_OPTIONS: --inspect}
      VpcConfig: {SubnetIds: [!Ref Subnet], SecurityGroupIds: [sg-1]}
      Tags: [{Key: Team, Value: orders}, {Key: Stage, Value: !Ref Stage}]
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, CidrBlock: 10.0.0.0/24}}
  Alias: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Orders, FunctionVersion: "1", Name: live}}
  Open:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: "*"}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
"#;

/// What an expression over the function comes to, as the verdict of a check that fails where it holds.
fn comes_to(expression: &str) -> (Expected, String) {
    let quoted = expression.replace('\'', "''");
    let checks = read(&check("AWS::Lambda::Function", &format!("fails: '{quoted}'")))
        .unwrap_or_else(|wrong| panic!("{expression}: {wrong:?}"));
    let findings = judged(&checks, TEMPLATE);
    let [finding] = findings.as_slice() else {
        panic!("{expression}: {findings:?}")
    };
    (Expected::of(&findings), finding.message.clone())
}

#[test]
fn expressions_are_true_false_or_not_known() {
    use Expected::{Fail, Pass, Undetermined};
    let cases = [
        // Known values, defaults, what is not set.
        (r#"self.runtime == "python3.12""#, Fail),
        (r#"self.runtime in ["nodejs22.x", "python3.13"]"#, Pass),
        (r#"self.runtime.startsWith("python")"#, Fail),
        (r#"self.runtime.matches("^python3\\.1[3-9]$")"#, Pass),
        ("self.ephemeral_storage == 512", Fail),
        ("self.description == null", Fail),
        ("has(self.description)", Pass),
        ("self.package_type == 'Zip'", Fail),
        // A null is no number: nothing follows, unless the rest decides.
        ("self.description.startsWith('x')", Undetermined),
        ("self.description != null && self.description.startsWith('x')", Pass),
        ("self.description.startsWith('x') || true", Fail),
        // Worlds: all bad, all good, mixed, and two settings that hang on one condition.
        ("self.timeout > 10", Fail),
        ("self.timeout > 100", Pass),
        ("self.timeout > 40", Undetermined),
        ("self.timeout == 30 && self.memory_size == 1024", Pass),
        ("(self.timeout == 30) == (self.memory_size == 512)", Fail),
        ("self.layers.size() == 0", Undetermined),
        ("self.layers.size() < 2", Fail),
        // Not known at all.
        ("self.reserved_concurrency > 5", Undetermined),
        ("self.reserved_concurrency > 5 && false", Pass),
        ("self.reserved_concurrency > 5 || self.timeout > 10", Fail),
        ("self.reserved_concurrency > 5 ? false : false", Undetermined),
        // Texts that are known in part.
        ("self.given_name.startsWith('team-')", Fail),
        ("self.given_name.startsWith('dept-')", Pass),
        ("self.given_name.endsWith('-orders')", Fail),
        ("self.given_name.contains('prod')", Undetermined),
        ("self.given_name == 'other'", Pass),
        ("self.given_name == 'team-a-orders'", Undetermined),
        ("self.given_name.matches('orders')", Undetermined),
        ("self.given_name.upperAscii().startsWith('TEAM-')", Fail),
        // Lists and loops.
        ("self.tags.exists(t, t.key == 'Team')", Fail),
        ("self.tags.exists(t, t.key == 'Owner')", Pass),
        (
            "self.tags.exists(t, t.key == 'Stage' && t.value == 'prod')",
            Undetermined,
        ),
        ("self.tags.all(t, t.value != 'qa')", Fail),
        ("self.tags.exists_one(t, t.key == 'Team')", Fail),
        ("self.tags.map(t, t.key) == ['Team', 'Stage']", Fail),
        ("self.tags.filter(t, t.key == 'Team').size() == 1", Fail),
        ("self.tags.filter(t, t.value == 'prod').size() == 1", Undetermined),
        ("self.tags[0].value == 'orders'", Fail),
        // A list that is not set is empty, unless something else stands for it then.
        ("self.file_systems.size() == 0", Fail),
        ("self.role.policies.managed.exists(p, p.name == 'x')", Pass),
        ("self.architectures.all(a, a == 'arm64')", Undetermined),
        ("self.architectures == null", Fail),
        ("self.tags[7].value == 'orders'", Undetermined),
        ("'Team' in self.tags.map(t, t.key)", Fail),
        // What is around it.
        ("self.role.trust.Statement.exists(s, s.Effect == 'Allow')", Fail),
        (
            "list(self.role.trust.Statement).exists(s, list(s.Action).exists(a, a == 'sts:AssumeRole'))",
            Fail,
        ),
        ("self.role.functions.exists(f, f == self)", Fail),
        ("self.vpc.subnets[0].cidr_block == '10.0.0.0/24'", Fail),
        ("self.vpc.subnets[0].vpc.cidr_block == 'x'", Undetermined),
        ("self.aliases.exists(a, a.name == 'live')", Fail),
        ("self.urls.size() == 0", Fail),
        ("estate.roles.exists(r, r == self.role)", Fail),
        ("estate.buckets.exists(b, true)", Undetermined),
        ("self.region == 'eu-west-1'", Fail),
        ("self.account == '111122223333'", Undetermined),
        ("self.address == 'Orders'", Fail),
        // Analyses.
        ("self.permissions.exists(p, fails('policy-public-principal', p))", Fail),
        ("fails('policy-public-principal', self)", Fail),
        ("fails('role-admin', self.role)", Pass),
        // What may be a secret is not shown.
        (
            "self.environment.exists(v, v.value.text == 'hunter2hunter2')",
            Undetermined,
        ),
        (
            "self.environment.exists(v, v.name == 'TOKEN' && v.value.kind == 'plain')",
            Pass,
        ),
        (
            "self.environment.exists(v, v.name == 'NODE_OPTIONS' && v.value.text.contains('inspect'))",
            Fail,
        ),
    ];
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(expression, expected)| {
            let (found, message) = comes_to(expression);
            (found != *expected).then(|| format!("{expression}: {found:?}, not {expected:?}: {message}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_not_known_is_said() {
    for (expression, says) in [
        (
            "self.reserved_concurrency > 5",
            "parameter Seconds has no default and was not given",
        ),
        ("self.timeout > 40", "condition IsProd is not decided"),
        (
            "self.description.startsWith('x')",
            "in its fails, what is not set cannot be asked so",
        ),
        ("self.account == '1'", "AWS::AccountId is known only at deployment"),
        ("estate.buckets.exists(b, true)", "the input may not hold every bucket"),
    ] {
        let (_, message) = comes_to(expression);
        assert!(
            message.starts_with("not known whether the function is bad: "),
            "{message}"
        );
        assert!(message.contains(says), "{expression}: {message}");
    }
}

#[test]
fn what_is_wrong_is_refused_with_its_place() {
    for (more, says) in [
        (
            "fails: self.timeot > 3",
            "mine.yaml:4:12: fails: a function has no member timeot: did you mean timeout?",
        ),
        ("fails: self.timeout > 'x'", "a number cannot be compared with a text"),
        ("fails: self.timeout", "fails: expected a condition, found a number"),
        ("fails: self.timeout >", "mine.yaml:4:"),
        ("fails: slf.timeout > 3", "nothing is called slf: there is self, estate"),
        ("fails: self.runtime.startWith('x')", "did you mean startsWith()?"),
        ("fails: self.runtime.startsWith(3)", "startsWith() takes no number"),
        ("fails: self.runtime.matches('(')", "this is no regular expression"),
        ("fails: self.runtime.matches(self.handler)", "is written out, in quotes"),
        (
            "fails: self.role.trusts == null",
            "a role has no member trusts: did you mean trust?",
        ),
        (
            "fails: self.tags.exists(t, t.ky == 'x')",
            "a tag has no member ky: did you mean key?",
        ),
        ("fails: fails('url-auth-non', self)", "did you mean url-auth-none?"),
        ("fails: \"true\"\npasses: \"true\"", "fails or passes, not both"),
        ("message: bad", "the check has neither fails nor passes"),
        (
            "fails: \"true\"\nat: runtme",
            "at: a function has no member runtme: did you mean runtime?",
        ),
        (
            "fails: \"true\"\nmessage: it is {runtme}",
            "message: a function has no member runtme",
        ),
        ("fails: \"true\"\nmessage: it is {", "write {{ or }} for one"),
        ("fails: \"true\"\nseverity: grave", "severity: expected one of"),
        (
            "fails: \"true\"\nmesage: x",
            "mine.yaml:5:1: unknown key mesage: did you mean message?",
        ),
        ("fails: \"true\"\nwhere: [x]", "where: expected a text, found a list"),
        (
            "fails: \"true\"\nmessage: [x]",
            "message: expected a text, found a list",
        ),
        ("fails: \"true\"\nwhy: \"a\\u001b[2Jb\"", "why has control characters"),
        ("fails: [x]", "fails: expected a text, found a list"),
        ("fails: \"true\"\ncontrols: [AC-3]", "expected a framework and an id"),
        ("fails: |\n  true &&\n  self.timeot > 3", "mine.yaml:6:"),
    ] {
        let refused = refused(more);
        assert!(refused.iter().any(|line| line.contains(says)), "{more}: {refused:?}");
    }
    let own = check("AWS::Lambda::Funktion", "fails: \"true\"");
    assert!(read(&own).unwrap_err()[0].contains("did you mean AWS::Lambda::Function?"));
    let taken = check("AWS::Lambda::Function", "fails: \"true\"").replace("id: mine", "id: url-auth-none");
    assert!(read(&taken).unwrap_err()[0].contains("a built-in check is called url-auth-none"));
    let bare = "id: mine\ntitle: x\nsubject: AWS::Lambda::Function\nfails: \"true\"\n";
    let refused = read(bare).unwrap_err();
    assert!(
        refused.iter().any(|line| line.contains("no example that fails")),
        "{refused:?}"
    );
    assert!(
        refused.iter().any(|line| line.contains("no example that passes")),
        "{refused:?}"
    );
    let one = check("AWS::Lambda::Function", "fails: \"true\"").replace('\n', "\n    ");
    let two = format!("check:\n  - {}\n  - {}\n", one.trim_end(), one.trim_end());
    assert!(
        read(&two).unwrap_err()[0].contains("has a check of the id mine"),
        "{two}"
    );
}

#[test]
fn the_evidence_is_the_member_at_its_place() {
    let line = |more: &str| {
        let findings = judged(&read(&check("AWS::Lambda::Function", more)).unwrap(), TEMPLATE);
        let evidence = &findings[0].evidence;
        (evidence.at.place().unwrap().span.start.line, evidence.says.clone())
    };
    let of = |text: &str| TEMPLATE.lines().position(|line| line.contains(text)).unwrap() as u32 + 1;
    assert_eq!(
        line("fails: self.runtime == 'python3.12'"),
        (of("Runtime:"), "runtime is python3.12".to_owned())
    );
    assert_eq!(line("fails: self.runtime != ''\nat: timeout").0, of("Timeout:"));
    assert_eq!(line("fails: self.vpc.subnets.size() == 1").0, of("SubnetIds"));
    assert_eq!(
        line("fails: self.role.trust != null"),
        (of("Role:"), "role is Role".to_owned())
    );
    assert_eq!(line("fails: self.description == null").1, "description is not set");
    assert_eq!(line("fails: \"true\"").0, of("  Orders:"));
}

#[test]
fn a_message_shows_members() {
    let more = "fails: \"true\"\nmessage: '{address} runs on {runtime} as {role}, tagged {tags} {{so}}.'";
    let findings = judged(&read(&check("AWS::Lambda::Function", more)).unwrap(), TEMPLATE);
    assert_eq!(
        findings[0].message,
        "Orders runs on python3.12 as Role, tagged Team=orders, Stage=dev {so}"
    );
}

#[test]
fn where_says_what_it_is_about() {
    let of = |more: &str| Expected::of(&judged(&read(&check("AWS::Lambda::Function", more)).unwrap(), TEMPLATE));
    assert_eq!(
        of("where: self.timeout > 100\nfails: \"true\""),
        Expected::NotApplicable
    );
    assert_eq!(of("where: self.timeout > 40\nfails: \"true\""), Expected::Undetermined);
    assert_eq!(of("where: self.timeout > 40\nfails: \"false\""), Expected::Pass);
    assert_eq!(
        of("where: self.reserved_concurrency > 4\nfails: \"true\""),
        Expected::Undetermined
    );
    assert_eq!(
        of("where: self.reserved_concurrency > 4\nfails: \"false\""),
        Expected::Pass
    );
    assert_eq!(of("passes: self.timeout > 100"), Expected::Fail);
}

#[test]
fn other_subjects_name_the_functions_they_touch() {
    let roles = read(&check("AWS::IAM::Role", "fails: self.functions.size() == 1")).unwrap();
    let findings = judged(&roles, TEMPLATE);
    assert_eq!((findings[0].verdict.word(), findings[0].affects.len()), ("fail", 1));
    let aliases = read(&check(
        "AWS::Lambda::Alias",
        "fails: self.function.function.timeout > 10",
    ))
    .unwrap();
    let findings = judged(&aliases, TEMPLATE);
    assert_eq!((findings[0].verdict.word(), findings[0].affects.len()), ("fail", 1));
}

#[test]
fn hostile_expressions_come_to_an_end() {
    let deep = format!("fails: '{}true{}'", "(".repeat(900), ")".repeat(900));
    assert!(refused(&deep)[0].contains("fails: "), "too deep");
    let nots = format!("fails: '{}true'", "!".repeat(1999));
    let _ = read(&check("AWS::Lambda::Function", &nots));
    let sum = format!("fails: '{}1 == 2'", "1+".repeat(900));
    assert!(refused(&sum)[0].contains("fails: "), "too deep");
    let long = format!("fails: '{}true'", "true && ".repeat(300));
    assert!(refused(&long)[0].contains("at most 2048 bytes"));
    let and = format!("fails: '{}true'", "true && ".repeat(250));
    assert!(read(&check("AWS::Lambda::Function", &and)).is_ok());
    let pattern = "fails: self.runtime.matches('(a{1000}){1000}')";
    assert!(refused(pattern)[0].contains("no regular expression"));
}

#[test]
fn too_much_work_is_undetermined() {
    let functions: String = (0..700)
        .map(|n| {
            format!("  F{n}: {{Type: AWS::Lambda::Function, Properties: {{Runtime: python3.12, Timeout: {n}}}}}\n")
        })
        .collect();
    let template = format!("Resources:\n{functions}");
    let cubic = "fails: estate.functions.exists(a, estate.functions.exists(b, a.timeout == b.timeout + 1000))";
    let findings = judged(&read(&check("AWS::Lambda::Function", cubic)).unwrap(), &template);
    assert_eq!(findings.len(), 700);
    assert_eq!(Expected::of(&findings), Expected::Undetermined);
    assert!(
        findings[699].message.contains("more than 5000000 steps"),
        "{}",
        findings[699].message
    );
}

/// Every type of the model has a place in the table of members, and every row of a template that sets every
/// property can be looked at.
#[test]
fn every_noun_has_members_that_can_be_asked_for() {
    let nouns = user::members();
    assert_eq!(nouns.len(), maremma_model::Estate::TABLES.len());
    let function = nouns.iter().find(|noun| noun.name == "function").unwrap();
    for (path, of) in [
        ("timeout", "number"),
        ("runtime", "text"),
        ("role", "role"),
        ("vpc.subnets", "list of subnet"),
        ("tags[].key", "text"),
        ("environment[].value.kind", "text"),
        ("urls", "list of url"),
        ("edge", "boolean"),
    ] {
        assert!(
            function.members.contains(&(path.to_owned(), of.to_owned())),
            "{path}: {of}: {:?}",
            function.members
        );
    }
    let role = nouns.iter().find(|noun| noun.name == "role").unwrap();
    assert!(role.members.contains(&("trust".to_owned(), "document".to_owned())));
}

#[test]
fn rows_around_may_not_be_there() {
    let template = |alias: &str, function: &str| {
        format!(
            "Parameters: {{Stage: {{Type: String}}}}\nConditions: {{IsProd: !Equals [!Ref Stage, prod], Late: !Equals [!Ref Stage, late]}}\nResources:\n  \
             Orders: {{Type: AWS::Lambda::Function, {function} Properties: {{Runtime: python3.12}}}}\n  \
             Alias: {{Type: AWS::Lambda::Alias, {alias} Properties: {{FunctionName: !Ref Orders, FunctionVersion: '1', Name: live}}}}\n"
        )
    };
    let of = |expression: &str, template: &str| {
        let checks = read(&check("AWS::Lambda::Function", &format!("passes: {expression}"))).unwrap();
        Expected::of(&judged(&checks, template))
    };
    let has_alias = "self.aliases.size() == 1";
    assert_eq!(of(has_alias, &template("", "")), Expected::Pass);
    assert_eq!(
        of(has_alias, &template("Condition: IsProd,", "")),
        Expected::Undetermined
    );
    assert_eq!(
        of(has_alias, &template("Condition: IsProd,", "Condition: IsProd,")),
        Expected::Pass
    );
    assert_eq!(
        of(has_alias, &template("Condition: IsProd,", "Condition: Late,")),
        Expected::Undetermined
    );
    let in_estate = "estate.aliases.exists(a, a.name == 'live')";
    assert_eq!(of(in_estate, &template("", "")), Expected::Pass);
    assert_eq!(
        of(in_estate, &template("Condition: IsProd,", "")),
        Expected::Undetermined
    );
    let unknown = template("", "").replace("!Ref Orders", "!Ref Stage");
    assert_eq!(of(has_alias, &unknown), Expected::Undetermined);
}

#[test]
fn an_environment_that_is_not_known_may_hold_anything() {
    let template = "Parameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref P, x]}\nResources:\n  Orders:\n    Type: AWS::Lambda::Function\n    \
        Properties: {Runtime: python3.12, Environment: {Variables: {'Fn::Transform': {Name: Vars}}}}\n";
    let checks = read(&check(
        "AWS::Lambda::Function",
        "fails: self.environment.exists(v, v.name == 'X')",
    ))
    .unwrap();
    let options = Options::default();
    let estate = read_texts(&[("template.yaml", template)], &options);
    let trust = Trust::default();
    let context = Context::new(&estate, &trust, date(2026, 6, 1));
    assert_eq!(Expected::of(&checks[0].verdicts(&context)), Expected::Undetermined);
}
