//! The estate: flat tables of nouns, what is known to be complete, and what could not be read.

use crate::gap::{Coverage, Extent, Gap};
use crate::link::Id;
use crate::noun::*;
use crate::place::{FileId, Place, SourceFile};
use crate::resource::{Resource, Unit, UnitId};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::ops::{Index, IndexMut};

/// The rows of one noun, in the order in which they were read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Table<T> {
    rows: Vec<T>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Table { rows: Vec::new() }
    }
}

impl<T> Table<T> {
    pub fn push(&mut self, row: T) -> Id<T> {
        // A table of 2^32 rows does not fit the bounds of any reader.
        let id = Self::id_at(self.rows.len());
        self.rows.push(row);
        id
    }

    /// The id of the n-th row, for readers that link rows before they have read them.
    pub fn id_at(row: usize) -> Id<T> {
        Id::new(u32::try_from(row).unwrap_or(u32::MAX))
    }

    /// `None` only for an id of another estate.
    pub fn get(&self, id: Id<T>) -> Option<&T> {
        self.rows.get(id.row())
    }

    /// As [`Table::get`].
    pub fn get_mut(&mut self, id: Id<T>) -> Option<&mut T> {
        self.rows.get_mut(id.row())
    }

    pub fn iter(&self) -> impl Iterator<Item = (Id<T>, &T)> {
        self.rows
            .iter()
            .enumerate()
            .map(|(row, value)| (Self::id_at(row), value))
    }

    pub fn values(&self) -> std::slice::Iter<'_, T> {
        self.rows.iter()
    }

    pub fn values_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.rows.iter_mut()
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "an id is made by the table it indexes; Table::get serves foreign ids"
)]
impl<T> Index<Id<T>> for Table<T> {
    type Output = T;

    fn index(&self, id: Id<T>) -> &T {
        &self.rows[id.row()]
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "an id is made by the table it indexes; Table::get serves foreign ids"
)]
impl<T> IndexMut<Id<T>> for Table<T> {
    fn index_mut(&mut self, id: Id<T>) -> &mut T {
        &mut self.rows[id.row()]
    }
}

/// A noun of the estate: a row with a head and a table of its own.
pub trait Noun: Sized {
    /// The noun's name in the model: `Function`.
    const NAME: &'static str;
    fn resource(&self) -> &Resource;
    fn table(estate: &Estate) -> &Table<Self>;
    fn table_mut(estate: &mut Estate) -> &mut Table<Self>;
    fn any(id: Id<Self>) -> AnyId;
    fn from_any(id: AnyId) -> Option<Id<Self>>;
}

/// Declares the tables once: the estate's fields, `AnyId` and the `Noun` of each.
macro_rules! tables {
    ($($(#[$doc:meta])* $field:ident: $noun:ident),+ $(,)?) => {
        /// All that a run knows.
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct Estate {
            pub units: Vec<Unit>,
            pub files: Vec<SourceFile>,
            pub coverage: Vec<Coverage>,
            pub gaps: Vec<Gap>,
            /// Scalars that no report shows and that no noun holds: the `Default` of a `NoEcho`
            /// parameter, a secret written in a mapping. Places mean nothing without the text of
            /// their file, so a snapshot leaves them out.
            #[serde(skip)]
            pub sensitive: Vec<Place>,
            $($(#[$doc])* pub $field: Table<$noun>,)+
        }

        /// A row of any table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum AnyId {
            $($noun(Id<$noun>),)+
        }

        impl AnyId {
            /// The n-th row of a noun's table; `None` where there is no such noun.
            pub fn of(noun: &str, row: u32) -> Option<Self> {
                match noun { $($noun::NAME => Some(AnyId::$noun(Id::new(row))),)+ _ => None }
            }

            /// Which row of its table it is.
            pub fn row(self) -> usize {
                match self { $(AnyId::$noun(id) => id.row(),)+ }
            }

            /// The noun of the row: `Function`.
            pub fn noun(self) -> &'static str {
                match self { $(AnyId::$noun(_) => $noun::NAME,)+ }
            }
        }

        $(impl Noun for $noun {
            const NAME: &'static str = stringify!($noun);
            fn resource(&self) -> &Resource { &self.resource }
            fn table(estate: &Estate) -> &Table<Self> { &estate.$field }
            fn table_mut(estate: &mut Estate) -> &mut Table<Self> { &mut estate.$field }
            fn any(id: Id<Self>) -> AnyId { AnyId::$noun(id) }
            fn from_any(id: AnyId) -> Option<Id<Self>> {
                match id { AnyId::$noun(id) => Some(id), _ => None }
            }
        }

        impl From<Id<$noun>> for AnyId {
            fn from(id: Id<$noun>) -> Self { AnyId::$noun(id) }
        })+

        impl Estate {
            /// The tables by name, each with its noun: `functions`, `Function`.
            pub const TABLES: &'static [(&'static str, &'static str)] = &[$((stringify!($field), $noun::NAME)),+];

            /// The rows of a noun's table.
            pub fn rows_of(&self, noun: &str) -> Vec<AnyId> {
                match noun { $($noun::NAME => self.$field.iter().map(|(id, _)| id.into()).collect(),)+ _ => Vec::new() }
            }

            /// Writes one row; `None` for an id of another estate.
            pub fn serialize_row<S: Serializer>(&self, id: AnyId, serializer: S) -> Option<Result<S::Ok, S::Error>> {
                match id { $(AnyId::$noun(id) => self.$field.get(id).map(|row| row.serialize(serializer)),)+ }
            }

            /// Reads a row of a noun, for what only wants to know how it is made; `None` where there is no such noun.
            pub fn deserialize_row<'de, D: Deserializer<'de>>(noun: &str, deserializer: D) -> Option<Result<(), D::Error>> {
                match noun { $($noun::NAME => Some($noun::deserialize(deserializer).map(drop)),)+ _ => None }
            }

            /// The head of any row; `None` only for an id of another estate.
            pub fn resource(&self, id: AnyId) -> Option<&Resource> {
                match id { $(AnyId::$noun(id) => self.$field.get(id).map(|row| &row.resource),)+ }
            }

            /// The heads of all rows, table by table.
            pub fn resources(&self) -> impl Iterator<Item = (AnyId, &Resource)> {
                // Boxed: a chain of so many tables is a type deeper than the compiler follows.
                type Heads<'e> = Box<dyn Iterator<Item = (AnyId, &'e Resource)> + 'e>;
                let tables: Vec<Heads<'_>> =
                    vec![$(Box::new(self.$field.iter().map(|(id, row)| (AnyId::$noun(id), &row.resource)))),+];
                tables.into_iter().flatten()
            }
        }
    };
}

tables! {
    functions: Function,
    versions: Version,
    aliases: Alias,
    urls: Url,
    permissions: Permission,
    layer_versions: LayerVersion,
    layer_permissions: LayerPermission,
    triggers: Trigger,
    forwardings: Forwarding,
    invoke_configs: InvokeConfig,
    code_signing_configs: CodeSigningConfig,
    signing_profiles: SigningProfile,
    capacity_providers: CapacityProvider,
    roles: Role,
    users: User,
    groups: Group,
    policies: Policy,
    resource_policies: ResourcePolicy,
    rest_apis: RestApi,
    rest_methods: RestMethod,
    http_apis: HttpApi,
    http_routes: HttpRoute,
    authorizers: Authorizer,
    stages: Stage,
    domains: Domain,
    web_acl_associations: WebAclAssociation,
    usage_plans: UsagePlan,
    vpcs: Vpc,
    subnets: Subnet,
    security_groups: SecurityGroup,
    security_group_rules: SecurityGroupRule,
    route_tables: RouteTable,
    routes: Route,
    route_table_associations: RouteTableAssociation,
    vpc_endpoints: VpcEndpoint,
    flow_logs: FlowLog,
    keys: Key,
    secrets: ManagedSecret,
    secret_rotations: SecretRotation,
    parameters: Parameter,
    buckets: Bucket,
    queues: Queue,
    topics: Topic,
    data_tables: DataTable,
    streams: Stream,
    buses: Bus,
    state_machines: StateMachine,
    file_systems: FileSystem,
    access_points: AccessPoint,
    repositories: Repository,
    registry_scannings: RegistryScanning,
    deployment_applications: DeploymentApplication,
    deployment_groups: DeploymentGroup,
    log_groups: LogGroup,
    trails: Trail,
    detectors: Detector,
    distributions: Distribution,
    target_groups: TargetGroup,
    load_balancers: LoadBalancer,
    listeners: Listener,
    listener_rules: ListenerRule,
    lattice_services: LatticeService,
    service_networks: ServiceNetwork,
    graphql_apis: GraphqlApi,
    /// Resources of kinds that no check inspects; they are here so that references to them resolve.
    others: Other,
}

impl Estate {
    pub fn unit(&self, id: UnitId) -> Option<&Unit> {
        self.units.get(id.0 as usize)
    }

    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// How much of a table (by CloudFormation type) this input holds in one account and region.
    /// `Absent` where nothing is said.
    pub fn extent(&self, table: &str, account: Option<&str>, region: Option<&str>) -> Extent {
        let about =
            |known: &Option<std::sync::Arc<str>>, asked: Option<&str>| known.is_none() || known.as_deref() == asked;
        self.coverage
            .iter()
            .find(|c| &*c.table == table && about(&c.account, account) && about(&c.region, region))
            .map_or(Extent::Absent, |c| c.extent.clone())
    }
}
