// A network of the app's own, for environments with privateNetworking: one subnet that the app's instances live in, one for the
// private endpoints of both storage accounts and the vault, and the DNS zones that lead the usual names there. The app itself
// stays public: liaison officers come from anywhere. So does Service Bus (modules/serviceBus.bicep says why).
param name string
param location string
param tags object
param hostStorageId string
param dataStorageId string
param keyVaultId string

var blobZone = 'privatelink.blob.${environment().suffixes.storage}'
var tableZone = 'privatelink.table.${environment().suffixes.storage}'
// Not the suffix of the vaults themselves (vault.azure.net).
var vaultZone = 'privatelink.vaultcore.azure.net'

var targets = [
  { name: 'host-blob', id: hostStorageId, group: 'blob', zone: blobZone }
  { name: 'data-blob', id: dataStorageId, group: 'blob', zone: blobZone }
  { name: 'data-table', id: dataStorageId, group: 'table', zone: tableZone }
  { name: 'vault', id: keyVaultId, group: 'vault', zone: vaultZone }
]

resource network 'Microsoft.Network/virtualNetworks@2024-10-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.80.0.0/16'] }
    // In here rather than as resources of their own: a second deployment would else try to take them away.
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: '10.80.0.0/24'
          delegations: [
            {
              name: 'flex-consumption'
              properties: { serviceName: 'Microsoft.App/environments' }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: { addressPrefix: '10.80.1.0/24' }
      }
    ]
  }

  resource app 'subnets' existing = {
    name: 'app'
  }

  resource endpoints 'subnets' existing = {
    name: 'endpoints'
  }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [for zone in [blobZone, tableZone, vaultZone]: {
  name: zone
  location: 'global'
  tags: tags
}]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for (zone, index) in [blobZone, tableZone, vaultZone]: {
  parent: zones[index]
  name: name
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: { id: network.id }
  }
}]

resource privateEndpoints 'Microsoft.Network/privateEndpoints@2024-10-01' = [for target in targets: {
  name: '${name}-${target.name}'
  location: location
  tags: tags
  properties: {
    subnet: { id: network::endpoints.id }
    privateLinkServiceConnections: [
      {
        name: target.name
        properties: {
          privateLinkServiceId: target.id
          groupIds: [target.group]
        }
      }
    ]
  }
}]

resource zoneGroups 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-10-01' = [for (target, index) in targets: {
  parent: privateEndpoints[index]
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: target.group
        properties: { privateDnsZoneId: resourceId('Microsoft.Network/privateDnsZones', target.zone) }
      }
    ]
  }
  dependsOn: [zones]
}]

output appSubnetId string = network::app.id
