//! Functions of strings.

use super::{Alone, holds};

#[test]
fn known_strings() {
    let count = holds(
        Alone::nowhere,
        r#"
        chomp ["line\r\n\n"] => "line"
        chomp ["line"] => "line"
        endswith ["orders.fifo", ".fifo"] => true
        endswith ["orders", ".fifo"] => false
        format ["%s-%s", "orders", "prod"] => "orders-prod"
        format ["%d%%", 40] => "40%"
        format ["%03d", 7] => "007"
        format ["%5d|", 42] => "   42|"
        format ["%-5d|", 42] => "42   |"
        format ["%+d", 5] => "+5"
        format ["% d", 5] => " 5"
        format ["%x %X %o %b", 255, 255, 8, 5] => "ff FF 10 101"
        format ["%#x", 255] => "0xff"
        format ["%.2f", 3.14159] => "3.14"
        format ["%f", 2] => "2.000000"
        format ["%8.3f|", -1.5] => "  -1.500|"
        format ["%e", 123456] => "1.234560e+05"
        format ["%E", 0.00012] => "1.200000E-04"
        format ["%g", 0.5] => "0.5"
        format ["%g", 1000000] => "1e+06"
        format ["%.3g", 1234.5] => "1.23e+03"
        format ["%v", 123456] => "123456"
        format ["%v", 12345678] => "1.2345678e+07"
        format ["%s", 12345678] => "12345678"
        format ["%v %v", true, [1, "a"]] => "true [1,\"a\"]"
        format ["%#v", "a"] => "\"a\""
        format ["%v", null] => "null"
        format ["%q", "a\"b"] => "\"a\\\"b\""
        format ["%t", "true"] => "true"
        format ["%5s|%-5s|", "ab", "ab"] => "   ab|ab   |"
        format ["%.2s", "abcdef"] => "ab"
        format ["%[2]s %[1]s", "a", "b"] => "b a"
        format ["%d", "12"] => "12"
        format ["plain"] => "plain"
        format ["%s"] => ! asks for argument 1
        format ["%s", "a", "b"] => ! uses 1 of 2
        format ["%d", 1.5] => ! whole number
        format ["%d", "x"] => ! expected a number
        format ["%z", 1] => ! no verb
        format ["%s", null] => ! does not take null
        format ["50%"] => ! ends behind a %
        formatlist ["%s!", ["a", "b"]] => ["a!", "b!"]
        formatlist ["%s-%s", "x", ["a", "b"]] => ["x-a", "x-b"]
        formatlist ["%s=%d", ["a", "b"], [1, 2]] => ["a=1", "b=2"]
        formatlist ["%s", []] => []
        formatlist ["%s %s", ["a"], ["b", "c"]] => ! different lengths
        indent [2, "a\nb\nc"] => "a\n  b\n  c"
        join [",", ["a", "b", "c"]] => "a,b,c"
        join [",", []] => ""
        join ["-", ["a"], ["b", 3]] => "a-b-3"
        join [",", "a"] => ! expected a list
        join [",", [["a"]]] => ! expected a string, found a list
        lower ["ARN:Aws"] => "arn:aws"
        ltrim ["  a ", " "] => "a "
        rtrim ["a--", "-"] => "a"
        regex ["[a-z]+", "53453453.345345aaabbbccc23454"] => "aaabbbccc"
        regex ["(\\d\\d\\d\\d)-(\\d\\d)", "2019-02-01"] => ["2019", "02"]
        regex ["^(?:(?P<scheme>[^:/?#]+):)?(?://(?P<host>[^/?#]*))?", "https://a.example/x"] => {"scheme": "https", "host": "a.example"}
        regex ["(a)|(b)", "b"] => [null, "b"]
        regex ["x+", "abc"] => ! does not match
        regex ["(?P<a>a)(b)", "ab"] => ! with and without names
        regex ["(", "a"] => ? cannot be read
        regex ["[\\w-]+", "a-b c"] => "a-b"
        regex ["^[[:alpha:]]+", "ab1"] => "ab"
        regex ["\\Qa.b\\E", "xa.b"] => "a.b"
        regex ["{[a-z]+}", "x{ab}"] => "{ab}"
        regex ["[[]x", "[x"] => "[x"
        regex ["\\bcd", "ab cd"] => "cd"
        regex ["\\d", "٣4"] => "4"
        regexall ["[a-z]", "1a2b"] => ["a", "b"]
        regexall ["(.)=(.)", "a=1,b=2"] => [["a", "1"], ["b", "2"]]
        regexall ["z", "abc"] => []
        replace ["a.b.c", ".", "-"] => "a-b-c"
        replace ["hello world", "/w.*d/", "everybody"] => "hello everybody"
        replace ["k=v", "/(\\w)=(\\w)/", "$2=$1"] => "v=k"
        replace ["k=v", "/(?P<n>k)=/", "${n}"] => {"unknown": "n"}
        replace ["ab", "", "-"] => "-a-b-"
        replace ["a/b", "/", "-"] => "a-b"
        split [",", "a,b,,c"] => ["a", "b", "", "c"]
        split [",", ""] => [""]
        split ["", "abc"] => ["a", "b", "c"]
        startswith ["arn:aws:iam", "arn:"] => true
        startswith ["x", "arn:"] => false
        strcontains ["hello", "ell"] => true
        strcontains ["hello", "z"] => false
        strrev ["abc"] => "cba"
        substr ["hello world", 1, 4] => "ello"
        substr ["hello", -3, -1] => "llo"
        substr ["hello", 3, 100] => "lo"
        substr ["hello", 9, 1] => ""
        substr ["hello", 0, 0] => ""
        title ["hello world-wide web"] => "Hello World-Wide Web"
        trim ["?!hello?!", "!?"] => "hello"
        trimprefix ["arn:x", "arn:"] => "x"
        trimprefix ["x", "arn:"] => "x"
        trimsuffix ["a.zip", ".zip"] => "a"
        trimspace [" \n a b\t"] => "a b"
        trimspace [{"json": {"a": 1}}] => {"json": {"a": 1}}
        upper ["straße"] => "STRASSE"
        upper [1] => "1"
        upper [null] => ! expected a string, found null
        "#
        .replace("${n}", "<n>")
        .replace("=> {\"unknown\": \"n\"}", "=> \"<n>v\"")
        .as_str(),
    );
    assert!(count > 90, "{count}");
}

#[test]
fn strings_of_which_a_part_is_not_known() {
    holds(
        Alone::nowhere,
        r#"
        join ["-", ["a", "${x}"]] => "a-${x}"
        join ["-", ["a", {"unknown": "x"}]] => "a-${x}"
        join ["-", {"unknown": "x"}] => "${x}"
        join ["${x}", ["a", "b"]] => "a${x}b"
        format ["%s-%s", "a", "${@Arn}"] => "a-${@Arn}"
        format ["arn:aws:s3:::%v/*", {"unknown": "x"}] => "arn:aws:s3:::${x}/*"
        format ["%d", {"unknown": "x"}] => "${x}"
        format ["%5s", "${x}"] => "${x}"
        format ["%3s", "abc${x}"] => "abc${x}"
        format ["${x}%s", "a"] => ? parameter x
        formatlist ["%s/*", ["a", "${@Arn}"]] => ["a/*", "${@Arn}/*"]
        formatlist ["%s", {"unknown": "x"}] => ? parameter x
        lower ["A${x}B"] => "a${x}b"
        lower ["${@Arn}"] => "${f.arn}"
        lower ["A-${&AccountId}-${&Region}"] => "a-${&AccountId}-${&Region}"
        upper ["a-${&AccountId}-${&Region}"] => "A-${&AccountId}-${?}"
        title ["a ${x}"] => "${x}"
        replace ["a_b_${x}", "_", "-"] => "a-b-${x}"
        replace ["${@Arn}:*", ":*", ""] => "${f.arn}"
        replace ["${@Arn}", ":*", ""] => "${f.arn}"
        replace ["${&AccountId}_x", "_", "-"] => "${&AccountId}-x"
        replace ["a--${x}", "--", ""] => "${x}"
        replace ["ab${x}", "zz", ""] => "ab${x}"
        replace ["a${x}", "/a/", "b"] => "${x}"
        replace ["abc", "b", "${x}"] => "a${x}c"
        split ["/", "a/${x}"] => ? parameter x
        split [":", "arn:aws:lambda:${&Region}:${&AccountId}:x"] => ["arn", "aws", "lambda", "${&Region}", "${&AccountId}", "x"]
        split ["-", "a-${&Region}"] => ? AWS::Region
        startswith ["arn:${x}", "arn:"] => true
        startswith ["b${x}", "arn:"] => false
        startswith ["${x}", "arn:"] => ? parameter x
        startswith ["ar${&AccountId}", "arn:"] => false
        endswith ["${x}.fifo", ".fifo"] => true
        endswith ["${x}.std", ".fifo"] => false
        endswith ["${x}", ".fifo"] => ? parameter x
        strcontains ["${x}-prod", "prod"] => true
        strcontains ["${x}", "prod"] => ? parameter x
        substr ["abc${x}", 0, 2] => "ab"
        substr ["abc${x}", 0, 5] => "${x}"
        trimprefix ["arn:${x}", "arn:"] => "${x}"
        trimprefix ["${x}", "arn:"] => "${x}"
        trimprefix ["b${@Arn}", "arn:"] => "b${@Arn}"
        trimsuffix ["${x}.zip", ".zip"] => "${x}"
        trimspace [" ${@Arn} "] => "${@Arn}"
        trimspace [" a ${x} b "] => "a ${x} b"
        trim ["-${@Arn}-", "-"] => "${f.arn}"
        strrev ["a${x}"] => "${x}"
        chomp ["a${@Arn}\n"] => "a${@Arn}"
        indent [2, "a\n${x}"] => "a\n  ${x}"
        regex ["a", "${x}"] => ? parameter x
        upper [{"unknown": "x"}] => "${x}"
        "#,
    );
}
