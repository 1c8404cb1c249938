//! What a stranger writes is text in the HTML report, and nothing else.

use crate::scratch::Scratch;

const EVIL: &str = "</script></noscript></style><script>alert(1)</script><img src=x onerror=alert(2)>";

/// How often tags are opened: what the report opens for a harmless template of the same shape, it opens for a hostile one.
fn tags(html: &str) -> [usize; 5] {
    ["<script", "</noscript", "<style", "<img", "<a "].map(|tag| html.matches(tag).count())
}

fn template(name: &str) -> String {
    format!(
        r#"Resources:
  "Fn{name}":
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: "{name}"
      Runtime: "{name}"
      Handler: "{name}"
      Role: "{name}"
      Layers: ["{name}"]
      Environment: {{Variables: {{"{name}": !Ref "AWS::Region"}}}}
  "Url{name}":
    Type: AWS::Lambda::Url
    Metadata: {{maremma: {{ignore: [{{check: url-cors-credentials, reason: "{name}"}}]}}}}
    Properties: {{AuthType: NONE, TargetFunctionArn: !Ref "Fn{name}"}}
  "Gap{name}": {{Type: AWS::Lambda::Url, Properties: ["{name}"]}}
"#
    )
}

#[test]
fn markup_in_a_template_is_shown_as_what_it_is() {
    let harmless = Scratch::with("a.yaml", template("Evil")).scan_into_all();
    let hostile = Scratch::with("a.yaml", template(EVIL)).scan_into_all();
    assert_eq!(tags(hostile.html()), tags(harmless.html()));
    assert_eq!(tags(hostile.html()).first(), Some(&1));
    assert!(hostile.html().contains("&lt;script&gt;alert(1)"));
    // Out of a quoted attribute.
    let quoted = Scratch::with("a.yaml", template("' onclick='x' \\\" onclick=\\\"y")).scan_into_all();
    assert!(!quoted.html().contains("onclick='x") && !quoted.html().contains("onclick=\"y"));
    assert!(quoted.html().contains("onclick=&quot;y"));
}

#[cfg(unix)]
#[test]
fn markup_in_the_name_of_a_file() {
    let scanned = Scratch::with("<img src=x>\" onload=\"z.yaml", template("Evil")).scan_into_all();
    assert_eq!(tags(scanned.html()).get(3), Some(&0));
    assert!(!scanned.html().contains("onload=\"z"));
}
