// Two accounts. The host's holds locks, timer status and the deployed package; the data account holds what people gave us. Apart,
// because the host needs to own its account, and because the app on no account needs more than to read and write the other.
// Another app never gets the host account: of two apps on one account, only one has its timer run.
param hostName string
param dataName string
param location string
param tags object
param sku string
param isPrivate bool
param operatorAddresses string[]
param keepDeletedDays int
param tableNames string[]
param documentContainer string
param selectionContainer string
param versionContainer string
param packageContainer string

module host 'storageAccount.bicep' = {
  name: 'hostStorage'
  params: {
    name: hostName
    location: location
    tags: tags
    sku: sku
    isPrivate: isPrivate
    operatorAddresses: []
    // Timer status is overwritten every minute: each time a version or a deleted copy would stay behind.
    keepDeletedDays: 0
    containerNames: [packageContainer]
    tableNames: []
  }
}

module data 'storageAccount.bicep' = {
  name: 'dataStorage'
  params: {
    name: dataName
    location: location
    tags: tags
    sku: sku
    isPrivate: isPrivate
    operatorAddresses: operatorAddresses
    keepDeletedDays: keepDeletedDays
    containerNames: [documentContainer, selectionContainer, versionContainer]
    tableNames: tableNames
  }
}

output hostId string = host.outputs.id
output hostName string = host.outputs.name
output hostBlobEndpoint string = host.outputs.blobEndpoint
output dataId string = data.outputs.id
output dataName string = data.outputs.name
output dataBlobEndpoint string = data.outputs.blobEndpoint
output dataTableEndpoint string = data.outputs.tableEndpoint
