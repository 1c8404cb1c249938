#!/bin/sh
# Asks an account what Maremma reads, and keeps each answer in the layout of docs/formats/responses.md. Calls list, get
# and describe operations only: no value of a secret or a parameter, no code, nothing that changes anything.
#
#     sh collect.sh DIRECTORY REGION...
#     maremma scan DIRECTORY
#
# It takes credentials as the AWS CLI does (AWS_PROFILE, ...). What it may not ask is kept as an error, and told by the
# scan. The answers hold the environment variables of functions: keep the directory to yourself.

set -u
umask 077
AWS_PAGER=
export AWS_PAGER

if [ "$#" -lt 2 ]; then
    echo "usage: sh collect.sh DIRECTORY REGION..." >&2
    exit 2
fi
out=$1
shift
command -v aws >/dev/null 2>&1 || {
    echo "collect.sh: the AWS CLI is not installed" >&2
    exit 2
}
account=$(aws sts get-caller-identity --query Account --output text) || exit 2
errors=$(mktemp) || exit 2
trap 'rm -f "$errors"' EXIT
trap 'exit 130' INT TERM

# An argument as a part of a file's name.
encoded() {
    printf '%s' "$1" | sed -e 's/%/%25/g' -e 's/[.]/%2E/g' -e 's|/|%2F|g' -e 's/:/%3A/g' -e 's/,/%2C/g' \
        -e 's/ /%20/g' -e 's/\$/%24/g' -e 's/#/%23/g' -e 's/&/%26/g' -e 's/+/%2B/g' -e 's/=/%3D/g' -e 's/@/%40/g' \
        -e 's/|/%7C/g' -e 's/{/%7B/g' -e 's/}/%7D/g' -e 's/(/%28/g' -e 's/)/%29/g' -e 's/!/%21/g' -e 's/[*]/%2A/g'
}

# Several arguments as one name.
joined() {
    name=$(encoded "$1")
    shift
    for part in "$@"; do
        name=$name,$(encoded "$part")
    done
    printf '%s' "$name"
}

# ask SERVICE OPERATION NAME OPTIONS...: keeps an answer, or the error in its place. NAME is empty for a call that has no
# argument.
ask() {
    directory=$out/$account/$place/$1
    file=$directory/$2
    if [ -n "$3" ]; then
        directory=$directory/$2
        file=$directory/$3
    fi
    mkdir -p "$directory" || exit 2
    service=$1
    operation=$2
    shift 3
    if aws "$service" "$operation" --region "$region" --output json "$@" \
        >"$file.json" 2>"$errors" </dev/null; then
        rm -f "$file.error.json"
        [ -s "$file.json" ] || echo '{}' >"$file.json"
        return 0
    fi
    rm -f "$file.json"
    code=$(sed -n 's/.*An error occurred (\([A-Za-z0-9._-]*\)).*/\1/p' "$errors" | head -n 1)
    printf '{"code": "%s", "message": ""}\n' "${code:-Failed}" >"$file.error.json"
    return 1
}

# names SERVICE OPERATION QUERY OPTIONS...: the names in an answer, one a line.
names() {
    service=$1
    operation=$2
    query=$3
    shift 3
    aws "$service" "$operation" --region "$region" --output text --query "$query" "$@" \
        2>/dev/null </dev/null | tr '\t' '\n' | sed -e '/^None$/d' -e '/^$/d'
}

of_function() {
    ask lambda get-function "$1" --function-name "$function" \
        --query '{Configuration: Configuration, Tags: Tags, Concurrency: Concurrency, Code: {ImageUri: Code.ImageUri, SourceKMSKeyArn: Code.SourceKMSKeyArn}}'
    ask lambda get-policy "$1" --function-name "$function"
    ask lambda list-versions-by-function "$1" --function-name "$function"
    ask lambda list-aliases "$1" --function-name "$function"
    ask lambda list-function-url-configs "$1" --function-name "$function"
    ask lambda list-function-event-invoke-configs "$1" --function-name "$function"
    ask lambda list-provisioned-concurrency-configs "$1" --function-name "$function"
    ask lambda get-function-recursion-config "$1" --function-name "$function"
    ask lambda get-runtime-management-config "$1" --function-name "$function"
    ask lambda get-function-code-signing-config "$1" --function-name "$function"
    for qualifier in $(names lambda list-aliases 'Aliases[].Name' --function-name "$function") \
        $(names lambda list-versions-by-function "Versions[?Version!='\$LATEST'].Version" --function-name "$function"); do
        ask lambda get-policy "$(joined "$function" "$qualifier")" --function-name "$function" --qualifier "$qualifier"
    done
}

lambda() {
    ask lambda list-functions ''
    ask lambda list-event-source-mappings ''
    ask lambda list-code-signing-configs ''
    ask lambda list-capacity-providers ''
    ask lambda list-layers ''
    ask lambda get-account-settings ''
    ask signer list-signing-profiles ''
    names lambda list-functions 'Functions[].FunctionName' | while IFS= read -r function; do
        of_function "$(encoded "$function")"
    done
    names lambda list-layers 'Layers[].LayerName' | while IFS= read -r layer; do
        ask lambda list-layer-versions "$(encoded "$layer")" --layer-name "$layer"
        for version in $(names lambda list-layer-versions 'LayerVersions[].Version' --layer-name "$layer"); do
            ask lambda get-layer-version-policy "$(joined "$layer" "$version")" --layer-name "$layer" \
                --version-number "$version"
        done
    done
}

network() {
    ask ec2 describe-vpcs ''
    ask ec2 describe-subnets ''
    ask ec2 describe-security-groups ''
    ask ec2 describe-route-tables ''
    ask ec2 describe-vpc-endpoints ''
    ask ec2 describe-flow-logs ''
    ask elbv2 describe-load-balancers ''
    ask elbv2 describe-target-groups ''
    names elbv2 describe-target-groups "TargetGroups[?TargetType=='lambda'].TargetGroupArn" | while IFS= read -r arn; do
        ask elbv2 describe-target-health "$(encoded "$arn")" --target-group-arn "$arn"
    done
    names elbv2 describe-load-balancers 'LoadBalancers[].LoadBalancerArn' | while IFS= read -r arn; do
        ask elbv2 describe-listeners "$(encoded "$arn")" --load-balancer-arn "$arn"
        names elbv2 describe-listeners 'Listeners[].ListenerArn' --load-balancer-arn "$arn" |
            while IFS= read -r listener; do
                ask elbv2 describe-rules "$(encoded "$listener")" --listener-arn "$listener"
            done
    done
}

lattice() {
    ask vpc-lattice list-services ''
    ask vpc-lattice list-service-networks ''
    ask vpc-lattice list-target-groups ''
    names vpc-lattice list-service-networks 'items[].id' | while IFS= read -r id; do
        ask vpc-lattice get-service-network "$id" --service-network-identifier "$id"
    done
    names vpc-lattice list-target-groups 'items[].id' | while IFS= read -r id; do
        ask vpc-lattice list-targets "$id" --target-group-identifier "$id"
    done
    names vpc-lattice list-services 'items[].id' | while IFS= read -r id; do
        ask vpc-lattice get-service "$id" --service-identifier "$id"
        ask vpc-lattice list-service-network-service-associations "$id" --service-identifier "$id"
        names vpc-lattice list-listeners 'items[].id' --service-identifier "$id" | while IFS= read -r listener; do
            ask vpc-lattice get-listener "$(joined "$id" "$listener")" --service-identifier "$id" \
                --listener-identifier "$listener"
            names vpc-lattice list-rules 'items[].id' --service-identifier "$id" --listener-identifier "$listener" |
                while IFS= read -r rule; do
                    ask vpc-lattice get-rule "$(joined "$id" "$listener" "$rule")" --service-identifier "$id" \
                        --listener-identifier "$listener" --rule-identifier "$rule"
                done
        done
    done
}

keys() {
    ask kms list-keys ''
    ask kms list-aliases ''
    names kms list-keys 'Keys[].KeyId' | while IFS= read -r id; do
        ask kms describe-key "$id" --key-id "$id"
        manager=$(names kms describe-key 'KeyMetadata.KeyManager' --key-id "$id")
        [ "$manager" = AWS ] && continue
        ask kms get-key-policy "$id" --key-id "$id" --policy-name default
        ask kms get-key-rotation-status "$id" --key-id "$id"
    done
    ask secretsmanager list-secrets ''
    names secretsmanager list-secrets 'SecretList[].ARN' | while IFS= read -r arn; do
        ask secretsmanager describe-secret "$(encoded "$arn")" --secret-id "$arn"
        ask secretsmanager get-resource-policy "$(encoded "$arn")" --secret-id "$arn"
    done
    ask ssm describe-parameters ''
    names ssm describe-parameters "Parameters[?Tier=='Advanced'].ARN" | while IFS= read -r arn; do
        ask ssm get-resource-policies "$(encoded "$arn")" --resource-arn "$arn"
    done
}

data() {
    ask dynamodb list-tables ''
    names dynamodb list-tables 'TableNames[]' | while IFS= read -r table; do
        ask dynamodb describe-table "$(encoded "$table")" --table-name "$table"
        arn=$(names dynamodb describe-table 'Table.TableArn' --table-name "$table")
        ask dynamodb get-resource-policy "$(encoded "$arn")" --resource-arn "$arn"
    done
    ask kinesis list-streams ''
    names kinesis list-streams 'StreamNames[]' | while IFS= read -r stream; do
        ask kinesis describe-stream-summary "$(encoded "$stream")" --stream-name "$stream"
        arn=$(names kinesis describe-stream-summary 'StreamDescriptionSummary.StreamARN' --stream-name "$stream")
        ask kinesis get-resource-policy "$(encoded "$arn")" --resource-arn "$arn"
    done
    ask efs describe-file-systems ''
    ask efs describe-access-points ''
    names efs describe-file-systems 'FileSystems[].FileSystemId' | while IFS= read -r id; do
        ask efs describe-file-system-policy "$id" --file-system-id "$id"
    done
    ask ecr describe-repositories ''
    ask ecr get-registry-scanning-configuration ''
    names ecr describe-repositories 'repositories[].repositoryName' | while IFS= read -r name; do
        ask ecr get-repository-policy "$(encoded "$name")" --repository-name "$name"
    done
    ask rds describe-db-instances ''
    ask rds describe-db-clusters ''
    ask rds describe-db-proxies ''
    ask elasticache describe-cache-clusters ''
    ask elasticache describe-replication-groups ''
}

messaging() {
    ask sqs list-queues ''
    names sqs list-queues 'QueueUrls[]' | while IFS= read -r url; do
        ask sqs get-queue-attributes "$(encoded "$url")" --queue-url "$url" --attribute-names All
    done
    ask sns list-topics ''
    ask sns list-subscriptions ''
    names sns list-topics 'Topics[].TopicArn' | while IFS= read -r arn; do
        ask sns get-topic-attributes "$(encoded "$arn")" --topic-arn "$arn"
    done
    names sns list-subscriptions "Subscriptions[?starts_with(SubscriptionArn, 'arn:')].SubscriptionArn" |
        while IFS= read -r arn; do
            ask sns get-subscription-attributes "$(encoded "$arn")" --subscription-arn "$arn"
        done
    ask stepfunctions list-state-machines ''
    names stepfunctions list-state-machines 'stateMachines[].stateMachineArn' | while IFS= read -r arn; do
        ask stepfunctions describe-state-machine "$(encoded "$arn")" --state-machine-arn "$arn"
    done
}

events() {
    ask events list-event-buses ''
    names events list-event-buses 'EventBuses[].Name' | while IFS= read -r bus; do
        ask events describe-event-bus "$(encoded "$bus")" --name "$bus"
        ask events list-rules "$(encoded "$bus")" --event-bus-name "$bus"
        names events list-rules 'Rules[].Name' --event-bus-name "$bus" | while IFS= read -r rule; do
            ask events list-targets-by-rule "$(joined "$rule" "$bus")" --rule "$rule" --event-bus-name "$bus"
        done
    done
    ask scheduler list-schedules ''
    names scheduler list-schedules "Schedules[].join('/', [GroupName, Name])" | while IFS= read -r schedule; do
        group=${schedule%%/*}
        name=${schedule#*/}
        ask scheduler get-schedule "$(joined "$name" "$group")" --name "$name" --group-name "$group"
    done
    ask pipes list-pipes ''
    names pipes list-pipes 'Pipes[].Name' | while IFS= read -r name; do
        ask pipes describe-pipe "$(encoded "$name")" --name "$name"
    done
}

apis() {
    ask apigateway get-rest-apis ''
    ask apigateway get-domain-names ''
    ask apigateway get-usage-plans ''
    names apigateway get-rest-apis 'items[].id' | while IFS= read -r api; do
        ask apigateway get-resources "$api" --rest-api-id "$api" --embed methods
        ask apigateway get-stages "$api" --rest-api-id "$api"
        ask apigateway get-authorizers "$api" --rest-api-id "$api"
        ask apigateway get-request-validators "$api" --rest-api-id "$api"
    done
    names apigateway get-domain-names 'items[].domainName' | while IFS= read -r domain; do
        ask apigateway get-base-path-mappings "$(encoded "$domain")" --domain-name "$domain"
    done
    ask apigatewayv2 get-apis ''
    ask apigatewayv2 get-domain-names ''
    names apigatewayv2 get-apis 'Items[].ApiId' | while IFS= read -r api; do
        ask apigatewayv2 get-routes "$api" --api-id "$api"
        ask apigatewayv2 get-integrations "$api" --api-id "$api"
        ask apigatewayv2 get-authorizers "$api" --api-id "$api"
        ask apigatewayv2 get-stages "$api" --api-id "$api"
    done
    names apigatewayv2 get-domain-names 'Items[].DomainName' | while IFS= read -r domain; do
        ask apigatewayv2 get-api-mappings "$(encoded "$domain")" --domain-name "$domain"
    done
    ask appsync list-graphql-apis ''
    names appsync list-graphql-apis 'graphqlApis[].apiId' | while IFS= read -r api; do
        ask appsync list-data-sources "$api" --api-id "$api"
    done
}

watch() {
    ask logs describe-log-groups ''
    names logs describe-log-groups 'logGroups[].logGroupName' | while IFS= read -r group; do
        ask logs describe-subscription-filters "$(encoded "$group")" --log-group-name "$group"
    done
    ask cloudtrail describe-trails ''
    names cloudtrail describe-trails 'trailList[].TrailARN' | while IFS= read -r arn; do
        ask cloudtrail get-event-selectors "$(encoded "$arn")" --trail-name "$arn"
        ask cloudtrail get-trail-status "$(encoded "$arn")" --name "$arn"
    done
    ask cloudtrail list-event-data-stores ''
    names cloudtrail list-event-data-stores 'EventDataStores[].EventDataStoreArn' | while IFS= read -r arn; do
        ask cloudtrail get-event-data-store "$(encoded "$arn")" --event-data-store "$arn"
    done
    ask guardduty list-detectors ''
    names guardduty list-detectors 'DetectorIds[]' | while IFS= read -r id; do
        ask guardduty get-detector "$id" --detector-id "$id"
        for destination in $(names guardduty list-publishing-destinations 'Destinations[].DestinationId' \
            --detector-id "$id"); do
            ask guardduty describe-publishing-destination "$(joined "$id" "$destination")" --detector-id "$id" \
                --destination-id "$destination"
        done
    done
}

callers() {
    ask deploy list-applications ''
    names deploy list-applications 'applications[]' | while IFS= read -r application; do
        ask deploy get-application "$(encoded "$application")" --application-name "$application"
        names deploy list-deployment-groups 'deploymentGroups[]' --application-name "$application" |
            while IFS= read -r group; do
                ask deploy get-deployment-group "$(joined "$application" "$group")" \
                    --application-name "$application" --deployment-group-name "$group"
            done
    done
    ask iot list-topic-rules ''
    names iot list-topic-rules 'rules[].ruleName' | while IFS= read -r rule; do
        ask iot get-topic-rule "$(encoded "$rule")" --rule-name "$rule"
    done
    ask cognito-idp list-user-pools '' --max-results 60
    names cognito-idp list-user-pools 'UserPools[].Id' --max-results 60 | while IFS= read -r pool; do
        ask cognito-idp describe-user-pool "$(encoded "$pool")" --user-pool-id "$pool" \
            --query '{UserPool: {Id: UserPool.Id, Name: UserPool.Name, LambdaConfig: UserPool.LambdaConfig}}'
    done
    ask configservice describe-config-rules ''
    ask configservice describe-organization-config-rules ''
    ask cloudwatch describe-alarms '' --alarm-types MetricAlarm CompositeAlarm
    ask ses describe-active-receipt-rule-set ''
    ask firehose list-delivery-streams ''
    names firehose list-delivery-streams 'DeliveryStreamNames[]' | while IFS= read -r stream; do
        ask firehose describe-delivery-stream "$(encoded "$stream")" --delivery-stream-name "$stream"
    done
    names s3control list-access-points-for-object-lambda 'ObjectLambdaAccessPointList[].Name' --account-id "$account" |
        while IFS= read -r name; do
            ask s3control get-access-point-configuration-for-object-lambda "$(joined "$account" "$name")" \
                --account-id "$account" --name "$name"
        done
    names bedrock-agent list-agents 'agentSummaries[].agentId' | while IFS= read -r agent; do
        names bedrock-agent list-agent-action-groups 'actionGroupSummaries[].actionGroupId' --agent-id "$agent" \
            --agent-version DRAFT | while IFS= read -r group; do
            ask bedrock-agent get-agent-action-group "$(joined "$agent" DRAFT "$group")" --agent-id "$agent" \
                --agent-version DRAFT --action-group-id "$group"
        done
    done
    names lexv2-models list-bots 'botSummaries[].botId' | while IFS= read -r bot; do
        names lexv2-models list-bot-aliases 'botAliasSummaries[].botAliasId' --bot-id "$bot" |
            while IFS= read -r alias; do
                ask lexv2-models describe-bot-alias "$(joined "$alias" "$bot")" --bot-alias-id "$alias" --bot-id "$bot"
            done
    done
}

buckets() {
    ask s3api list-buckets ''
    ask s3control get-public-access-block "$account" --account-id "$account"
    names s3api list-buckets 'Buckets[].Name' | while IFS= read -r bucket; do
        name=$(encoded "$bucket")
        ask s3api get-bucket-policy "$name" --bucket "$bucket"
        ask s3api get-public-access-block "$name" --bucket "$bucket"
        ask s3api get-bucket-acl "$name" --bucket "$bucket"
        ask s3api get-bucket-ownership-controls "$name" --bucket "$bucket"
        ask s3api get-bucket-versioning "$name" --bucket "$bucket"
        ask s3api get-bucket-encryption "$name" --bucket "$bucket"
        ask s3api get-bucket-notification-configuration "$name" --bucket "$bucket"
    done
}

# What is of the account and of no region.
place=global
region=$1
ask iam get-account-authorization-details ''
ask iam list-roles ''
ask cloudfront list-distributions ''
buckets

for region in "$@"; do
    place=$region
    lambda
    network
    lattice
    keys
    data
    messaging
    events
    apis
    watch
    callers
done
echo "collected in $out: maremma scan $out" >&2
