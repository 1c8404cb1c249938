//! Functions of lists, maps and sets.

use super::{Alone, holds};

#[test]
fn known_lists_and_maps() {
    let count = holds(
        Alone::nowhere,
        r#"
        alltrue [[true, "true"]] => true
        alltrue [[true, false]] => false
        alltrue [[]] => true
        anytrue [[false, true]] => true
        anytrue [[false, null]] => false
        anytrue [[]] => false
        chunklist [["a", "b", "c"], 2] => [["a", "b"], ["c"]]
        chunklist [["a"], 0] => [["a"]]
        coalesce ["", null, "b"] => "b"
        coalesce [null, 0] => 0
        coalesce [[], ["b"]] => []
        coalesce ["", null] => ! none of the arguments
        coalescelist [[], ["c"]] => ["c"]
        coalescelist [[]] => ! none of the arguments
        coalescelist ["a"] => ! expected lists
        compact [["a", "", null, "b"]] => ["a", "b"]
        concat [["a"], [], ["b", "c"]] => ["a", "b", "c"]
        concat [["a"], "b"] => ! expected a list, found a string
        contains [["a", "b"], "a"] => true
        contains [["a", "b"], "c"] => false
        contains [[[1], [2]], [2]] => true
        contains [["1"], 1] => false
        distinct [["a", "b", "a", 1, 1]] => ["a", "b", 1]
        element [["a", "b", "c"], 1] => "b"
        element [["a", "b", "c"], 4] => "b"
        element [["a", "b", "c"], -1] => "c"
        element [[], 0] => ! empty
        flatten [[["a", "b"], [], [["c"]], "d"]] => ["a", "b", "c", "d"]
        index [["a", "b"], "b"] => 1
        index [["a"], "b"] => ! does not hold
        keys [{"b": 1, "a": 2}] => ["a", "b"]
        length [["a", "b"]] => 2
        length [{"a": 1}] => 1
        length ["héllo"] => 5
        length ["👾🕹"] => 2
        length [null] => ! found null
        length [5] => ! found a number
        list ["a", "b"] => ["a", "b"]
        lookup [{"a": "x"}, "a", "d"] => "x"
        lookup [{"a": "x"}, "b", "d"] => "d"
        lookup [{"a": "x"}, "b"] => ! no key "b"
        map ["a", 1, "b", 2] => {"a": 1, "b": 2}
        matchkeys [["i-1", "i-2", "i-3"], ["w", "e", "w"], ["w"]] => ["i-1", "i-3"]
        matchkeys [["a"], [], []] => ! 0 keys for 1 values
        merge [{"a": 1, "b": 2}, {"b": 3}] => {"a": 1, "b": 3}
        merge [{"a": 1}, null] => {"a": 1}
        merge [null] => null
        merge [] => {}
        merge [{"a": 1}, ["b"]] => ! expected a map
        one [[]] => null
        one [["a"]] => "a"
        one [["a", "b"]] => ! one() takes none or one
        range [3] => [0, 1, 2]
        range [1, 4] => [1, 2, 3]
        range [4, 1] => [4, 3, 2]
        range [1, 8, 2] => [1, 3, 5, 7]
        range [0, 1, 0.25] => [0, 0.25, 0.5, 0.75]
        range [0] => []
        range [1, 5, -1] => ! does not lead
        range [2000] => ! more than 1024
        reverse [[1, 2, 3]] => [3, 2, 1]
        setintersection [["a", "b"], ["b", "c"], ["b", "d"]] => ["b"]
        setproduct [["a", "b"], [1, 2]] => [["a", 1], ["a", 2], ["b", 1], ["b", 2]]
        setproduct [["a"], []] => []
        setsubtract [["a", "b", "c"], ["a", "c"]] => ["b"]
        setunion [["b"], ["a", "b"]] => ["a", "b"]
        slice [["a", "b", "c", "d"], 1, 3] => ["b", "c"]
        slice [["a"], 0, 2] => ! not within
        slice [["a"], 1, 0] => ! not within
        sort [["e", "d", "a"]] => ["a", "d", "e"]
        sort [[{}]] => ! expected strings
        sum [[10, 13, 6, 4.5]] => 33.5
        sum [[0.1, 0.2]] => 0.3
        sum [[]] => ! empty
        transpose [{"a": ["1", "2"], "b": ["2"]}] => {"1": ["a"], "2": ["a", "b"]}
        values [{"b": 1, "a": 2}] => [2, 1]
        zipmap [["a", "b"], [1, 2]] => {"a": 1, "b": 2}
        zipmap [["a"], []] => ! 1 keys for 0 values
        tobool ["true"] => true
        tobool ["yes"] => ! expected true or false
        tobool [null] => null
        tolist [["a", 1, true]] => ["a", "1", "true"]
        tolist [{"a": 1}] => ! expected a list
        tomap [{"a": 1, "b": "x"}] => {"a": "1", "b": "x"}
        tomap [["a"]] => ! expected a map
        tonumber ["5.50"] => 5.5
        tonumber ["1e3"] => 1000
        tonumber ["x"] => ! expected a number
        toset [["c", "a", "b", "a"]] => ["a", "b", "c"]
        toset [[10, 9]] => [9, 10]
        toset [null] => null
        tostring [true] => "true"
        tostring [1.5] => "1.5"
        tostring [null] => null
        tostring [["a"]] => ! expected a string
        ephemeralasnull ["a"] => "a"
        type ["a"] => ? types
        "#,
    );
    assert!(count > 85, "{count}");
}

#[test]
fn lists_and_maps_of_which_a_part_is_not_known() {
    holds(
        Alone::nowhere,
        r#"
        alltrue [[false, {"unknown": "x"}]] => false
        alltrue [[true, {"unknown": "x"}]] => ? parameter x
        anytrue [[true, {"unknown": "x"}]] => true
        coalesce ["a", {"unknown": "x"}] => "a"
        coalesce ["${@Arn}", "b"] => "${@Arn}"
        coalesce ["a-${x}", "b"] => "a-${x}"
        coalesce [{"unknown": "x"}, "b"] => {"choice": {"x is given": {"unknown": "x"}, "x is not given": "b"}}
        coalesce [{"unknown": "x"}] => {"unknown": "x"}
        coalescelist [{"unknown": "x"}, ["b"]] => {"choice": {"x is given": {"unknown": "x"}, "x is not given": ["b"]}}
        compact [["a", "${@Arn}"]] => ["a", "${@Arn}"]
        compact [["a", "${x}"]] => {"choice": {"x is not empty": ["a", "${x}"], "x is empty": ["a"]}}
        concat [["a"], ["${x}"]] => ["a", "${x}"]
        concat [["a"], {"unknown": "x"}] => ? parameter x
        contains [["a", "${x}"], "a"] => true
        contains [["b", "a-${x}"], "a"] => false
        contains [["${x}"], "a"] => ? parameter x
        contains [["a"], {"unknown": "x"}] => ? parameter x
        contains [["${@Arn}"], "${@Arn}"] => true
        contains [["${@Arn}"], ""] => false
        distinct [["${@Arn}", "a", "${@Arn}"]] => ["${@Arn}", "a"]
        concat [["a"], "${@Arns}"] => ? f.arn
        merge ["${@Tags}", {"a": 1}] => ? f.arn
        join ["-", ["a", {"choice": {"p": "b", "not p": "c"}}]] => {"choice": {"p": "a-b", "not p": "a-c"}}
        contains [["a", {"choice": {"p": "b", "not p": "c"}}], "b"] => {"choice": {"p": true, "not p": false}}
        contains [["a", {"choice": {"p": "b", "not p": "c"}}], "a"] => true
        flatten [[["a"], {"choice": {"p": ["b"], "not p": []}}]] => {"choice": {"p": ["a", "b"], "not p": ["a"]}}
        flatten [[["a"], {"choice": {"p": "b", "not p": "c"}}]] => ["a", {"choice": {"p": "b", "not p": "c"}}]
        concat [["a"], [{"choice": {"p": "b", "not p": "c"}}]] => ["a", {"choice": {"p": "b", "not p": "c"}}]
        join [{"choice": {"p": "-", "not p": "+"}}, ["a", {"choice": {"p": "b", "not p": "c"}}]] => {"choice": {"p": "a-b", "not p": "a+c"}}
        element [["a", "b"], {"unknown": "x"}] => {"choice": {"the index of element() is 0": "a", "the index of element() is 1": "b"}}
        element [["a", "${x}"], 1] => "${x}"
        flatten [[["a"], "${x}"]] => ["a", "${x}"]
        flatten [[["a"], {"unknown": "x"}]] => ? parameter x
        index [["a", "${x}"], "a"] => 0
        index [["${x}", "a"], "a"] => ? parameter x
        length [["${x}"]] => 1
        length ["${x}"] => ? parameter x
        length [{"unknown": "x"}] => ? parameter x
        lookup [{"prod": 1, "dev": 2}, "${stage}", 3] => {"choice": {"${stage} is dev": 2, "${stage} is prod": 1, "${stage} is no key of the map": 3}}
        lookup [{"prod": 1, "dev": 2}, "p${stage}"] => {"choice": {"p${stage} is prod": 1}}
        lookup [{"unknown": "x"}, "a", "d"] => ? parameter x
        merge [{"a": 1}, {"unknown": "x"}] => ? parameter x
        merge [{"a": {"unknown": "x"}}, {"b": 1}] => {"a": {"unknown": "x"}, "b": 1}
        setunion [["a"], ["${x}"]] => ["a", "${x}"]
        setsubtract [["a", "b"], ["${x}"]] => ? not known in every part
        setintersection [["a-${x}"], ["b"]] => []
        sort [["b", "a-${x}"]] => ["a-${x}", "b"]
        sort [["b", "${x}"]] => ? parameter x
        toset [["b", "${x}", "a"]] => ["a", "b", "${x}"]
        tobool ["${x}"] => ? parameter x
        tonumber [{"unknown": "x"}] => ? parameter x
        tostring [{"unknown": "x"}] => "${x}"
        zipmap [["${x}"], [1]] => ? parameter x
        range [{"unknown": "x"}] => ? parameter x
        sum [[1, {"unknown": "x"}]] => ? parameter x
        one [[{"unknown": "x"}]] => {"unknown": "x"}
        "#,
    );
}
