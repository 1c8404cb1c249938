//! Functions of numbers, dates, hashes and networks.

use super::{Alone, holds};

#[test]
fn numbers() {
    holds(
        Alone::nowhere,
        r#"
        abs [-12.4] => 12.4
        abs ["-3"] => 3
        ceil [5.1] => 6
        ceil [-5.1] => -5
        floor [4.9] => 4
        floor [-4.1] => -5
        floor [7] => 7
        log [16, 2] => 4
        log [1, 10] => 0
        log [-1, 2] => ! no such number
        max [5, 12, 9] => 12
        max ["5", 3] => 5
        min [5.5, 12, 9] => 5.5
        min [{"unknown": "x"}, 1] => ? parameter x
        parseint ["100", 10] => 100
        parseint ["FF", 16] => 255
        parseint ["-10", 2] => -2
        parseint ["1011111011101111", 2] => 48879
        parseint ["aA", 62] => 656
        parseint ["12", 2] => ! no whole number
        parseint ["1", 63] => ! base from 2 to 62
        pow [3, 2] => 9
        pow [2, -1] => 0.5
        pow [2, 62] => 4611686018427387904
        signum [-13] => -1
        signum [0] => 0
        signum [344] => 1
        "#,
    );
}

#[test]
fn dates() {
    holds(
        Alone::nowhere,
        r#"
        formatdate ["DD MMM YYYY hh:mm ZZZ", "2018-01-02T23:12:01Z"] => "02 Jan 2018 23:12 UTC"
        formatdate ["EEEE, DD-MMM-YY hh:mm:ss ZZZ", "2018-01-02T23:12:01Z"] => "Tuesday, 02-Jan-18 23:12:01 UTC"
        formatdate ["EEE, DD MMM YYYY hh:mm:ss ZZZ", "2018-01-02T23:12:01-08:00"] => "Tue, 02 Jan 2018 23:12:01 -0800"
        formatdate ["MMM DD, YYYY", "2018-01-02T23:12:01Z"] => "Jan 02, 2018"
        formatdate ["HH:mmaa Z", "2018-01-02T00:02:01+05:30"] => "12:02am +05:30"
        formatdate ["M/D/YY h:m:s AA ZZZZ", "2018-11-02T13:02:01Z"] => "11/2/18 13:2:1 PM +0000"
        formatdate ["h'h'mm'''x'''", "2018-01-02T23:12:01Z"] => "23h12'x'"
        formatdate ["YYY", "2018-01-02T23:12:01Z"] => ! "YYY" is no part
        formatdate ["'x", "2018-01-02T23:12:01Z"] => ! not closed
        formatdate ["YYYY", "2018-01-02"] => ! expected a time
        formatdate ["YYYY", "2018-13-02T23:12:01Z"] => ! expected a time
        timeadd ["2017-11-22T00:00:00Z", "10m"] => "2017-11-22T00:10:00Z"
        timeadd ["2017-11-22T00:00:00Z", "-1h30m"] => "2017-11-21T22:30:00Z"
        timeadd ["2017-11-22T00:00:00+02:00", "1.5h"] => "2017-11-22T01:30:00+02:00"
        timeadd ["2017-11-22T00:00:00Z", "1d"] => ! expected a duration
        timecmp ["2017-11-22T00:00:00Z", "2017-11-22T00:00:00Z"] => 0
        timecmp ["2017-11-22T00:00:00Z", "2017-11-22T01:00:00Z"] => -1
        timecmp ["2017-11-22T01:00:00Z", "2017-11-22T01:00:00+01:00"] => 1
        timecmp ["2017-11-22T00:00:00.5Z", "2017-11-22T00:00:00Z"] => 0
        timestamp [] => ? decided when Terraform runs
        plantimestamp [] => ? decided when Terraform runs
        "#,
    );
}

#[test]
fn hashes() {
    holds(
        Alone::nowhere,
        r#"
        md5 ["hello world"] => "5eb63bbbe01eeed093cb22bb8f5acdc3"
        sha1 ["hello world"] => "2aae6c35c94fcfb415dbe95f408b9ce91ee846ed"
        sha256 ["hello world"] => "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"
        sha512 [""] => "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"
        base64sha256 ["hello world"] => "uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek="
        base64sha512 ["hello world"] => "MJ7MSJwS1utMxA9QyQLytNDtd+5RGnx6m808qG1M2G+YndNbxf9JlnDaNCVbRbDP2DDoH2Bdz33FVC6TrpzXbw=="
        uuidv5 ["dns", "www.terraform.io"] => "a5008fae-b28c-5ba5-96cd-82b4c53552d6"
        uuidv5 ["6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.terraform.io"] => "a5008fae-b28c-5ba5-96cd-82b4c53552d6"
        uuidv5 ["nothing", "x"] => ! expected dns
        uuid [] => ? decided when Terraform applies
        bcrypt ["x"] => ? decided when Terraform applies
        rsadecrypt ["x", "y"] => ? private key
        sha256 ["${x}"] => ? parameter x
        "#,
    );
}

#[test]
fn networks() {
    holds(
        Alone::nowhere,
        r#"
        cidrhost ["10.12.112.0/20", 16] => "10.12.112.16"
        cidrhost ["10.12.112.0/20", 268] => "10.12.113.12"
        cidrhost ["10.0.0.0/24", -1] => "10.0.0.255"
        cidrhost ["fd00:fd12:3456:7890::/72", 34] => "fd00:fd12:3456:7890::22"
        cidrhost ["10.0.0.0/30", 4] => ! has no host 4
        cidrhost ["10.0.0.0", 1] => ! expected a network
        cidrnetmask ["172.16.0.0/12"] => "255.240.0.0"
        cidrnetmask ["fd00::/8"] => ! only networks of IPv4
        cidrsubnet ["172.16.0.0/12", 4, 2] => "172.18.0.0/16"
        cidrsubnet ["10.1.2.0/24", 4, 15] => "10.1.2.240/28"
        cidrsubnet ["fd00:fd12:3456:7890::/56", 16, 162] => "fd00:fd12:3456:7800:a200::/72"
        cidrsubnet ["10.0.0.0/16", 8, 256] => ! do not make a subnet
        cidrsubnet ["10.0.0.0/30", 8, 0] => ! more than an address has
        cidrsubnet ["${x}", 8, 0] => ? parameter x
        cidrsubnet ["0.0.0.0/0", 32, 4294967295] => "255.255.255.255/32"
        cidrsubnets ["10.1.0.0/16", 4, 4, 8, 4] => ["10.1.0.0/20", "10.1.16.0/20", "10.1.32.0/24", "10.1.48.0/20"]
        cidrsubnets ["10.1.0.0/30", 1, 1, 1] => ! no room
        cidrcontains ["192.168.2.0/20", "192.168.2.1"] => true
        cidrcontains ["192.168.2.0/24", "192.168.3.0/26"] => false
        cidrcontains ["10.0.0.0/8", "::1"] => ! one is of IPv4
        cidrsubnet ["::/0", 128, 0] => "::/128"
        "#,
    );
}
