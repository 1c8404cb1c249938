//! Every line was asked of `terraform console` (1.11.4); `!` is an error of it.

use super::Names;

/// `expression ==> value`. `! ...` is a problem that begins with these words.
fn assert_all(table: &str) {
    let wrong: Vec<String> = table
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .filter_map(|line| {
            let (expression, expected) = line.split_once(" ==> ").expect(line);
            let shown = Names::new().shown(expression);
            let right = match expected.strip_prefix("! ") {
                Some(problem) => shown.strip_prefix("! ").is_some_and(|told| told.starts_with(problem)),
                None => shown == expected,
            };
            (!right).then(|| format!("{expression}\n  expected {expected}\n  but got  {shown}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn numbers() {
    assert_all(
        "1.50 ==> 1.5
        1.0 ==> 1
        007 ==> 7
        1e3 ==> 1000
        1.5e-3 ==> 0.0015
        1e-7 ==> 0.0000001
        1e30 ==> 1000000000000000000000000000000
        111122223333 ==> 111122223333
        123456789012345678901234567890 ==> 123456789012345678901234567890
        12345678901234567890123 * 10 ==> 123456789012345678901230
        100000000000000000000 + 1 ==> 100000000000000000001
        0.1 + 0.2 ==> 0.3
        0.1 * 3 ==> 0.3
        10 / 4 ==> 2.5
        1 / 8 ==> 0.125
        5 % 3 ==> 2
        -5 % 3 ==> -2
        5.5 % 2 ==> 1.5
        1 + 2 * 3 - 4 / 2 ==> 5
        (1 + 2) * 3 ==> 9
        -(3) ==> -3
        - 3 ==> -3
        0 - 0 ==> 0
        \"5\" + 1 ==> 6
        -\"5\" ==> -5
        1 + \"a\" ==> ! expected a number
        -\"a\" ==> ! expected a number
        1 + null ==> ! expected a number, and this is null
        [1, 2] + [3] ==> ! expected a number, and this is a list",
    );
}

#[test]
fn comparisons_and_logic() {
    assert_all(
        "1 < 2 ==> true
        2 <= 2 ==> true
        3 > 3 ==> false
        5 > \"3\" ==> true
        \"2\" < \"10\" ==> true
        \"a\" < \"b\" ==> ! expected a number
        1 == 1.0 ==> true
        1 == \"1\" ==> false
        \"1\" == 1 ==> false
        1 != \"1\" ==> true
        \"5\" == 5.0 ==> false
        \"a\" == \"a\" ==> true
        \"a\" != \"a\" ==> false
        true == true ==> true
        true == \"true\" ==> false
        null == null ==> true
        \"a\" == null ==> false
        0 == -0 ==> true
        [1] == [\"1\"] ==> false
        [1] == [1, 2] ==> false
        {a = 1} == {a = \"1\"} ==> false
        {a = 1} == {b = 1} ==> false
        {a = 1} == [1] ==> false
        !true ==> false
        !\"true\" ==> false
        !null ==> ! expected true or false
        !true || true ==> true
        true && true ==> true
        \"true\" && true ==> true
        true && [] ==> ! expected true or false
        1 || true ==> ! expected true or false
        true && null ==> ! expected true or false
        false || false ==> false
        1 < 2 && 2 < 3 ==> true
        true || false && false ==> true",
    );
}

#[test]
fn conditionals() {
    assert_all(
        "true ? 1 : 2 ==> 1
        false ? 1 : 2 ==> 2
        true ? 1 : \"a\" ==> \"1\"
        false ? \"a\" : true ==> \"true\"
        true ? \"a\" : null ==> \"a\"
        true ? null : 1 ==> null
        null ? 1 : 2 ==> ! expected true or false, and this is null
        \"true\" ? 1 : 2 ==> 1
        \"yes\" ? 1 : 2 ==> ! expected true or false
        1 ? 2 : 3 ==> ! expected true or false
        true ? 1 : [][5] ==> 1
        false ? {}.a : 2 ==> 2
        1 == 1 ? (2 == 2 ? \"a\" : \"b\") : \"c\" ==> \"a\"
        true ? [] : [\"a\"] ==> []",
    );
}

#[test]
fn strings_and_templates() {
    assert_all(
        r#""a" ==> "a"
        "\u00e9\t" ==> "é	"
        "${true}" ==> true
        "${1.50}" ==> 1.5
        "${null}" ==> null
        "${[1]}" ==> [1]
        "a${[1]}" ==> ! expected a string, and this is a list
        "x${null}" ==> ! expected a string, and this is null
        "${1}${2}" ==> "12"
        "a${true}" ==> "atrue"
        "$${x} %%{y}" ==> "${x} %{y}"
        "${"${"a"}"}b" ==> "ab"
        " ${~ 1 ~} x" ==> "1x"
        "a\n ${~ "b" ~} \n c" ==> "abc"
        "%{if true}yes%{else}no%{endif}" ==> "yes"
        "%{if false}yes%{else}no%{endif}" ==> "no"
        "%{ if false }x%{ endif }" ==> ""
        "a %{~ if true ~} b %{~ endif ~} c" ==> "abc"
        "%{for x in [1,2]}${x},%{endfor}" ==> "1,2,"
        "%{ for k, v in {a=1} }${k}=${v};%{ endfor }" ==> "a=1;"
        "%{ for k, v in ["x"] }${k}=${v};%{ endfor }" ==> "0=x;"
        "%{ for x in [] }x%{ endfor }" ==> """#,
    );
}

#[test]
fn collections() {
    assert_all(
        r#"[] ==> []
        [1, "a", null] ==> [1, "a", null]
        [1,] ==> [1]
        {} ==> {}
        {a : 1, b = 2} ==> {a = 1, b = 2}
        {b = 1, a = 2} ==> {a = 2, b = 1}
        {"a" = 1, ("b") : 2} ==> {a = 1, b = 2}
        {"${"a"}b" = 1} ==> {ab = 1}
        {1 = 2} ==> {1 = 2}
        {(true) = 2} ==> {true = 2}
        {(null) = 2} ==> ! expected a string, and this is null"#,
    );
}

#[test]
fn traversals() {
    assert_all(
        r#"[1,2,3].1 ==> 2
        [1,2,3][1] ==> 2
        [1,2,3]["1"] ==> 2
        [1,2,3][1.0] ==> 2
        [1,2,3][1.5] ==> ! this list of 3 has no element 1.5
        [1,2,3][-1] ==> ! this list of 3 has no element -1
        [1][5] ==> ! this list of 1 has no element 5
        [1].a ==> ! a list has no a
        {a=1}["a"] ==> 1
        {a=1}.a ==> 1
        {"1"="x"}[1] ==> "x"
        {a={b=1}}.a.b ==> 1
        {a={b=1}}["a"]["b"] ==> 1
        {a=1}.b ==> ! this map has no "b"
        {a=1}[null] ==> ! expected a string, and this is null
        "abc"[0] ==> ! a string has no 0
        "abc".x ==> ! a string has no x
        null.x ==> ! null has no x
        null[*] ==> []
        "x"[*] ==> ["x"]
        true[*] ==> [true]
        {a=1}[*] ==> [{a = 1}]
        {a=1}[*].a ==> [1]
        {a=1}.*.a ==> [1]
        [null][*].a ==> ! null has no a
        [{a=1},{a=2}][*].a ==> [1, 2]
        [{a=1},{a=2}].*.a ==> [1, 2]
        [[1,2],[3]][*][0] ==> [1, 3]
        [{a=[1]},{a=[2]}][*].a[0] ==> [1, 2]
        [{a=[1]},{a=[2]}].*.a[0] ==> [1]
        [{a=[1]}].*.a.0 ==> [1]
        [{a=[{b=1},{b=2}]}][*].a[*].b ==> [[1, 2]]
        {for s in ["a"] : s => s}["a"] ==> "a"
        nothing.here ==> ! nothing.here is declared nowhere"#,
    );
}

#[test]
fn comprehensions() {
    assert_all(
        r#"[for x in [1,2,3] : x * 2] ==> [2, 4, 6]
        [for x in [1,2,3] : x if x > 1] ==> [2, 3]
        [for i, x in ["a","b"] : "${i}${x}"] ==> ["0a", "1b"]
        [for k, v in {b=1,a=2} : "${k}${v}"] ==> ["a2", "b1"]
        [for v in {b=1,a=2} : v] ==> [2, 1]
        [for x in [] : x] ==> []
        {for x in [1,2] : x => x} ==> {1 = 1, 2 = 2}
        {for k, v in {a=1} : k => v if v > 1} ==> {}
        {for k, v in {a="x",b="y"} : v => k} ==> {x = "a", y = "b"}
        {for x in ["a","b","a"] : x => x} ==> ! two rounds of this for give the key "a"
        {for x in ["a","b","a"] : x => x...} ==> {a = ["a", "a"], b = ["b"]}
        {for x in [null] : x => 1} ==> ! expected a string, and this is null
        [for x in [[1,2],[3]] : [for y in x : y + 1]] ==> [[2, 3], [4]]
        [for x in ["a"] : {for y in ["b"] : y => x}] ==> [{b = "a"}]
        [for x in null : x] ==> ! expected a list or map to go through, and this is null
        [for x in "abc" : x] ==> ! expected a list or map to go through, and this is a string
        [for x in [1] : x if "a"] ==> ! expected true or false"#,
    );
}

#[test]
fn attempts() {
    assert_all(
        r#"try(null.a, "d") ==> "d"
        try([][0], "d") ==> "d"
        try({}.a, null) ==> null
        try({a=1}.a, "d") ==> 1
        try("${null}x", "d") ==> "d"
        try({}.a, {}.b, 3) ==> 3
        try({}.a, {}.b) ==> ! every argument of try() is wrong
        [for x in [{a=1},{}] : try(x.a, 0)] ==> [1, 0]
        can(null) ==> true
        can({}.a) ==> false
        can({a=1}.a) ==> true
        can(1 + "a") ==> false"#,
    );
}
