# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documented filters of EC2's Describe operations, and where in the answer each one looks.

A name such as ``attachment.delete-on-termination`` is turned into a path of the answer
(``Attachments.DeleteOnTermination``) by rule; ``PATHS`` holds those that follow no rule. An empty path is a documented
filter on something that this cloud's things never have: it is accepted and matches nothing.
"""

from __future__ import annotations

LISTS = {
    "DescribeAvailabilityZones": "AvailabilityZones",
    "DescribeDhcpOptions": "DhcpOptions",
    "DescribeFlowLogs": "FlowLogs",
    "DescribeImages": "Images",
    "DescribeInstanceTypeOfferings": "InstanceTypeOfferings",
    "DescribeInstanceTypes": "InstanceTypes",
    "DescribeInternetGateways": "InternetGateways",
    "DescribeKeyPairs": "KeyPairs",
    "DescribeManagedPrefixLists": "PrefixLists",
    "DescribeNatGateways": "NatGateways",
    "DescribeNetworkAcls": "NetworkAcls",
    "DescribeReplaceRootVolumeTasks": "ReplaceRootVolumeTasks",
    "DescribeRouteTables": "RouteTables",
    "DescribeSecurityGroupRules": "SecurityGroupRules",
    "DescribeSecurityGroups": "SecurityGroups",
    "DescribeSnapshots": "Snapshots",
    "DescribeSubnets": "Subnets",
    "DescribeTags": "Tags",
    "DescribeVolumes": "Volumes",
    "DescribeVolumesModifications": "VolumesModifications",
    "DescribeVpcEndpoints": "VpcEndpoints",
    "DescribeVpcPeeringConnections": "VpcPeeringConnections",
    "DescribeVpcs": "Vpcs",
}

WITHOUT_TAGS = {
    "DescribeAvailabilityZones",
    "DescribeInstanceTypeOfferings",
    "DescribeInstanceTypes",
    "DescribeVolumesModifications",
}

_IP_PERMISSION = "cidr from-port group-id group-name ipv6-cidr prefix-list-id protocol to-port user-id"

NAMES = {
    "DescribeAvailabilityZones": """group-long-name group-name message opt-in-status parent-zone-id parent-zone-name
        region-name state zone-id zone-name zone-type""",
    "DescribeDhcpOptions": "dhcp-options-id key value owner-id",
    "DescribeFlowLogs": "deliver-log-status log-destination-type flow-log-id log-group-name resource-id traffic-type",
    "DescribeImages": """architecture block-device-mapping.delete-on-termination block-device-mapping.device-name
        block-device-mapping.snapshot-id block-device-mapping.volume-size block-device-mapping.volume-type
        block-device-mapping.encrypted boot-mode creation-date description ena-support free-tier-eligible hypervisor
        image-allowed image-id image-type is-public kernel-id manifest-location name owner-alias owner-id platform
        product-code product-code.type ramdisk-id root-device-name root-device-type source-image-id
        source-image-region source-instance-id state state-reason-code state-reason-message sriov-net-support
        virtualization-type""",
    "DescribeInstanceTypeOfferings": "instance-type location",
    "DescribeInstanceTypes": """auto-recovery-supported bare-metal burstable-performance-supported current-generation
        dedicated-hosts-supported ebs-info.ebs-optimized-info.baseline-bandwidth-in-mbps
        ebs-info.ebs-optimized-info.baseline-iops ebs-info.ebs-optimized-info.baseline-throughput-in-mbps
        ebs-info.ebs-optimized-info.maximum-bandwidth-in-mbps ebs-info.ebs-optimized-info.maximum-iops
        ebs-info.ebs-optimized-info.maximum-throughput-in-mbps ebs-info.ebs-optimized-support
        ebs-info.encryption-support ebs-info.nvme-support free-tier-eligible hibernation-supported hypervisor
        instance-storage-info.disk.count instance-storage-info.disk.size-in-gb instance-storage-info.disk.type
        instance-storage-info.encryption-support instance-storage-info.nvme-support
        instance-storage-info.total-size-in-gb instance-storage-supported instance-type memory-info.size-in-mib
        network-info.efa-info.maximum-efa-interfaces network-info.efa-supported network-info.ena-support
        network-info.encryption-in-transit-supported network-info.ipv4-addresses-per-interface
        network-info.ipv6-addresses-per-interface network-info.ipv6-supported network-info.maximum-network-cards
        network-info.maximum-network-interfaces network-info.network-performance nitro-enclaves-support
        nitro-tpm-support nitro-tpm-info.supported-versions processor-info.supported-architecture
        processor-info.sustained-clock-speed-in-ghz processor-info.supported-features supported-boot-mode
        supported-root-device-type supported-usage-class supported-virtualization-type vcpu-info.default-cores
        vcpu-info.default-threads-per-core vcpu-info.default-vcpus vcpu-info.valid-cores
        vcpu-info.valid-threads-per-core""",
    "DescribeInternetGateways": "attachment.state attachment.vpc-id internet-gateway-id owner-id",
    "DescribeKeyPairs": "key-pair-id fingerprint key-name",
    "DescribeManagedPrefixLists": "owner-id prefix-list-id prefix-list-name",
    "DescribeNatGateways": "nat-gateway-id state subnet-id vpc-id",
    "DescribeNetworkAcls": """association.association-id association.network-acl-id association.subnet-id default
        entry.cidr entry.icmp.code entry.icmp.type entry.ipv6-cidr entry.port-range.from entry.port-range.to
        entry.protocol entry.rule-action entry.egress entry.rule-number network-acl-id owner-id vpc-id""",
    "DescribeReplaceRootVolumeTasks": "instance-id",
    "DescribeRouteTables": """association.gateway-id association.route-table-association-id
        association.route-table-id association.subnet-id association.main owner-id route-table-id
        route.destination-cidr-block route.destination-ipv6-cidr-block route.destination-prefix-list-id
        route.egress-only-internet-gateway-id route.gateway-id route.instance-id route.nat-gateway-id
        route.transit-gateway-id route.origin route.state route.vpc-peering-connection-id vpc-id""",
    "DescribeSecurityGroupRules": "group-id security-group-rule-id",
    "DescribeSecurityGroups": "description group-id group-name owner-id vpc-id "
    + " ".join(f"{side}ip-permission.{name}" for side in ("", "egress.") for name in _IP_PERMISSION.split()),
    "DescribeSnapshots": """description encrypted owner-alias owner-id progress snapshot-id start-time status
        storage-tier transfer-type volume-id volume-size""",
    "DescribeSubnets": """availability-zone availability-zone-id availabilityZone availabilityZoneId
        available-ip-address-count cidr cidr-block cidrBlock customer-owned-ipv4-pool default-for-az defaultForAz
        enable-dns64 enable-lni-at-device-index ipv6-cidr-block-association.ipv6-cidr-block
        ipv6-cidr-block-association.association-id ipv6-cidr-block-association.state ipv6-native
        map-customer-owned-ip-on-launch map-public-ip-on-launch outpost-arn owner-id
        private-dns-name-options-on-launch.hostname-type
        private-dns-name-options-on-launch.enable-resource-name-dns-a-record
        private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record state subnet-arn subnet-id vpc-id""",
    "DescribeTags": "key resource-id resource-type value",
    "DescribeVolumes": """attachment.attach-time attachment.delete-on-termination attachment.device
        attachment.instance-id attachment.status availability-zone availability-zone-id create-time encrypted
        fast-restored multi-attach-enabled operator.managed operator.principal size snapshot-id status volume-id
        volume-type""",
    "DescribeVolumesModifications": """modification-state original-iops original-size original-volume-type
        originalMultiAttachEnabled start-time target-iops target-size target-volume-type targetMultiAttachEnabled
        volume-id""",
    "DescribeVpcEndpoints": """ip-address-type service-name service-region vpc-id vpc-endpoint-id vpc-endpoint-state
        vpc-endpoint-type""",
    "DescribeVpcPeeringConnections": """accepter-vpc-info.cidr-block accepter-vpc-info.owner-id
        accepter-vpc-info.vpc-id expiration-time requester-vpc-info.cidr-block requester-vpc-info.owner-id
        requester-vpc-info.vpc-id status-code status-message vpc-peering-connection-id""",
    "DescribeVpcs": """cidr cidr-block cidrBlock cidr-block-association.cidr-block
        cidr-block-association.association-id cidr-block-association.state dhcp-options-id dhcpOptionsId
        ipv6-cidr-block-association.ipv6-cidr-block ipv6-cidr-block-association.ipv6-pool
        ipv6-cidr-block-association.association-id ipv6-cidr-block-association.state is-default isDefault owner-id
        state vpc-id""",
}

_PERMISSION_PATHS = {
    "cidr": "IpRanges.CidrIp",
    "from-port": "FromPort",
    "group-id": "UserIdGroupPairs.GroupId",
    "group-name": "UserIdGroupPairs.GroupName",
    "ipv6-cidr": "Ipv6Ranges.CidrIpv6",
    "prefix-list-id": "PrefixListIds.PrefixListId",
    "protocol": "IpProtocol",
    "to-port": "ToPort",
    "user-id": "UserIdGroupPairs.UserId",
}

PATHS: dict[str, dict[str, str]] = {
    "DescribeAvailabilityZones": {"message": "Messages.Message"},
    "DescribeDhcpOptions": {
        "key": "DhcpConfigurations.Key",
        "value": "DhcpConfigurations.Values.Value",
    },
    "DescribeFlowLogs": {"deliver-log-status": "DeliverLogsStatus"},
    "DescribeImages": {
        "block-device-mapping.delete-on-termination": "BlockDeviceMappings.Ebs.DeleteOnTermination",
        "block-device-mapping.snapshot-id": "BlockDeviceMappings.Ebs.SnapshotId",
        "block-device-mapping.volume-size": "BlockDeviceMappings.Ebs.VolumeSize",
        "block-device-mapping.volume-type": "BlockDeviceMappings.Ebs.VolumeType",
        "block-device-mapping.encrypted": "BlockDeviceMappings.Ebs.Encrypted",
        "is-public": "Public",
        "manifest-location": "ImageLocation",
        "owner-alias": "ImageOwnerAlias",
        "product-code": "ProductCodes.ProductCodeId",
        "product-code.type": "ProductCodes.ProductCodeType",
        "state-reason-code": "StateReason.Code",
        "state-reason-message": "StateReason.Message",
    },
    "DescribeInstanceTypes": {
        "ebs-info.ebs-optimized-info.baseline-throughput-in-mbps": "EbsInfo.EbsOptimizedInfo.BaselineThroughputInMBps",
        "ebs-info.ebs-optimized-info.maximum-throughput-in-mbps": "EbsInfo.EbsOptimizedInfo.MaximumThroughputInMBps",
        "supported-usage-class": "SupportedUsageClasses",
        "instance-storage-info.disk.size-in-gb": "InstanceStorageInfo.Disks.SizeInGB",
        "instance-storage-info.total-size-in-gb": "InstanceStorageInfo.TotalSizeInGB",
        "memory-info.size-in-mib": "MemoryInfo.SizeInMiB",
        "vcpu-info.default-cores": "VCpuInfo.DefaultCores",
        "vcpu-info.default-threads-per-core": "VCpuInfo.DefaultThreadsPerCore",
        "vcpu-info.default-vcpus": "VCpuInfo.DefaultVCpus",
        "vcpu-info.valid-cores": "VCpuInfo.ValidCores",
        "vcpu-info.valid-threads-per-core": "VCpuInfo.ValidThreadsPerCore",
    },
    "DescribeKeyPairs": {"fingerprint": "KeyFingerprint"},
    "DescribeNetworkAcls": {
        "association.association-id": "Associations.NetworkAclAssociationId",
        "default": "IsDefault",
        "entry.cidr": "Entries.CidrBlock",
        "entry.icmp.code": "Entries.IcmpTypeCode.Code",
        "entry.icmp.type": "Entries.IcmpTypeCode.Type",
        "entry.ipv6-cidr": "Entries.Ipv6CidrBlock",
        "entry.port-range.from": "Entries.PortRange.From",
        "entry.port-range.to": "Entries.PortRange.To",
        "entry.protocol": "Entries.Protocol",
        "entry.rule-action": "Entries.RuleAction",
        "entry.egress": "Entries.Egress",
        "entry.rule-number": "Entries.RuleNumber",
    },
    "DescribeSecurityGroups": {
        f"{side}ip-permission.{name}": f"IpPermissions{suffix}.{path}"
        for side, suffix in (("", ""), ("egress.", "Egress"))
        for name, path in _PERMISSION_PATHS.items()
    },
    "DescribeSnapshots": {"status": "State"},
    "DescribeSubnets": {
        "cidr": "CidrBlock",
        "ipv6-cidr-block-association.association-id": "Ipv6CidrBlockAssociationSet.AssociationId",
        "ipv6-cidr-block-association.ipv6-cidr-block": "Ipv6CidrBlockAssociationSet.Ipv6CidrBlock",
        "ipv6-cidr-block-association.state": "Ipv6CidrBlockAssociationSet.Ipv6CidrBlockState.State",
        "private-dns-name-options-on-launch.enable-resource-name-dns-a-record": (
            "PrivateDnsNameOptionsOnLaunch.EnableResourceNameDnsARecord"
        ),
        "private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record": (
            "PrivateDnsNameOptionsOnLaunch.EnableResourceNameDnsAAAARecord"
        ),
    },
    "DescribeVolumes": {"attachment.status": "Attachments.State", "status": "State"},
    "DescribeVpcEndpoints": {"vpc-endpoint-state": "State"},
    "DescribeVpcPeeringConnections": {"status-code": "Status.Code", "status-message": "Status.Message"},
    "DescribeVpcs": {
        "cidr": "CidrBlock",
        "cidr-block-association.association-id": "CidrBlockAssociationSet.AssociationId",
        "cidr-block-association.cidr-block": "CidrBlockAssociationSet.CidrBlock",
        "cidr-block-association.state": "CidrBlockAssociationSet.CidrBlockState.State",
        "ipv6-cidr-block-association.association-id": "Ipv6CidrBlockAssociationSet.AssociationId",
        "ipv6-cidr-block-association.ipv6-cidr-block": "Ipv6CidrBlockAssociationSet.Ipv6CidrBlock",
        "ipv6-cidr-block-association.ipv6-pool": "Ipv6CidrBlockAssociationSet.Ipv6Pool",
        "ipv6-cidr-block-association.state": "Ipv6CidrBlockAssociationSet.Ipv6CidrBlockState.State",
    },
}
