//! Commands about who may do what with a mailbox, and how much may be stored. RFC 4314, RFC 9208.

mod delete_acl;
mod get_acl;
mod get_quota;
mod get_quota_root;
mod list_rights;
mod my_rights;
mod set_acl;
mod set_quota;

pub use delete_acl::DeleteAcl;
pub use get_acl::GetAcl;
pub use get_quota::GetQuota;
pub use get_quota_root::GetQuotaRoot;
pub use list_rights::ListRights;
pub use my_rights::MyRights;
pub use set_acl::SetAcl;
pub use set_quota::SetQuota;
