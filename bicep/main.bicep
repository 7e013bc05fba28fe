// All that Plenary runs on, in one resource group: names, parameters and the list of modules. Nothing is provisioned here itself.
//
//   az deployment group what-if --resource-group rg-plenary-dev --parameters bicep/environments/dev.bicepparam
//
// What an environment is called, whom it writes to and how much it keeps stands in environments/*.bicepparam; secrets come from
// the environment of whoever deploys and end in the vault. A name that the code also knows (queue, table, container, schedule) is
// written here once; tests/Deploy.Tests compares it with the code.
targetScope = 'resourceGroup'

@description('Part of every name, so that environments never meet.')
@allowed(['dev', 'test', 'prod'])
param environmentName string

@description('Where everything lies. It must be a region that has Flex Consumption: az functionapp list-flexconsumption-locations.')
param location string = resourceGroup().location

@description('Closes storage and vault to the public network and lets the app reach them from a network of its own.')
param privateNetworking bool

@description('IPv4 addresses from which operators reach storage all the same while privateNetworking is on. Empty: from inside the network only.')
param operatorAddresses string[] = []

@description('Object id of the Entra group whose members may use the plenary command on the stores. Empty: nobody.')
param operatorsGroupId string = ''

@description('Copies of the data: Standard_LRS within a building, Standard_ZRS over the zones of a region.')
@allowed(['Standard_LRS', 'Standard_ZRS'])
param storageSku string

@description('Days for which deleted or overwritten files can be brought back. Erasure is complete after twice as many.')
@minValue(1)
@maxValue(180)
param keepDeletedDays int

@description('Whether a deleted vault must wait out its 90 days. It cannot be switched off again.')
param vaultPurgeProtection bool

@description('Most instances that run at once. Each is billed while it runs.')
@minValue(1)
@maxValue(1000)
param maximumInstances int = 40

@description('Instances that wait for HTTP requests even when there are none. With none, the first visitor after a pause waits some seconds.')
@minValue(0)
param alwaysReadyInstances int = 0

@description('Days for which logs and telemetry are kept.')
@minValue(30)
@maxValue(730)
param keepLogsDays int = 30

@description('Whom alerts are mailed to.')
param alertAddresses string[]

@description('Whether anybody is woken. Each of the eleven log alerts is billed for as long as it is on.')
param alertsEnabled bool

@description('Where people reach the app, without a trailing slash, once a domain of your own points to it. Empty: the address Azure gives.')
param customUrl string = ''

@description('Client id of the Entra app registration that the secretariat signs in with.')
@minLength(36)
@maxLength(36)
param signInClientId string

@description('Directory of the people who sign in.')
param signInTenantId string = tenant().tenantId

param organisationName string
param organisationFullName string
param organisationContactAddress string

@description('IANA zone in which the secretariat reads times.')
param organisationZone string

@description('The sender of every mail; its domain is authenticated at SendGrid.')
param mailFromAddress string
param mailFromName string

@description('Where answers to mails go. Empty: to the sender.')
param mailReplyToAddress string = ''

@description('Whom the service itself writes to, for example after closing.')
param secretariatAddress string
param secretariatName string

@description('Public key of SendGrid\'s signed event webhook, base64 without PEM lines; two, separated by a comma, while it is being changed.')
param mailWebhookPublicKey string

@description('SendGrid checks every mail and delivers none.')
param mailSandbox bool

@description('Seconds after which the outcome of one attempt to send counts as unknown.')
param mailTimeoutSeconds int = 20

@description('Written to the vault when given; empty leaves there what is there.')
@secure()
param sendGridApiKey string = ''

@description('Signs cookies and form tokens: 32 characters or more. Written to the vault when given; empty leaves there what is there.')
@secure()
param linkPepper string = ''

@description('The pepper before a rotation. Written to the vault when given; empty leaves there what is there.')
@secure()
param linkPepperBefore string = ''

@description('Whether the pepper before is still accepted. Set it for the days of a rotation.')
param rotatingLinkPepper bool = false

@description('When the one timer runs: six fields, UTC. What falls due waits at most this long.')
param agendaSchedule string = '0 * * * * *'

@description('As functions/Shared/Queues.cs has them.')
param queueNames string[] = [
  'relay-outbox'
  'open-desk'
  'hand-over-desks'
  'settle-document'
  'close-nominations'
  'send-reminder'
  'send-mail'
  'index-people'
  'make-offers'
  'expire-offer'
  'promote-alternate'
  'tell-participants'
  'open-vacancy'
  'end-vacancy'
  'fill-place'
  'open-survey'
  'close-survey'
]

@description('One for each table that a slice owns.')
param tableNames string[] = [
  'Agenda'
  'Attendance'
  'Certificates'
  'Closings'
  'Drafts'
  'Links'
  'Mail'
  'Nominations'
  'Outcomes'
  'OutboxMarkers'
  'People'
  'Projects'
  'Questionnaires'
  'Registry'
  'Reminders'
  'Selections'
  'SurveyAnswers'
  'SurveyRights'
]

@description('For the files that nominees hand in.')
param documentContainer string = 'documents'

@description('For approved selections.')
param selectionContainer string = 'selections'

@description('Keeps every version that was deployed, for bicep/deploy --version. With the data, where operators have access.')
param versionContainer string = 'versions'

@description('Holds the deployed package.')
param packageContainer string = 'app-package'

// 13 characters that depend on subscription and resource group. The function app's name stays under 33 characters: the host's own
// id is its first 32, and two apps with one id would share one timer.
var unique = uniqueString(resourceGroup().id)
var names = {
  identity: 'plenary-${environmentName}-${unique}'
  hostStorage: 'plhost${environmentName}${unique}'
  dataStorage: 'pldata${environmentName}${unique}'
  serviceBus: 'plenary-${environmentName}-${unique}'
  keyVault: 'pl-${environmentName}-${unique}'
  functionPlan: 'plenary-${environmentName}-${unique}'
  functionApp: 'plenary-${environmentName}-${unique}'
  workspace: 'plenary-${environmentName}-${unique}'
  insights: 'plenary-${environmentName}-${unique}'
  network: 'plenary-${environmentName}-${unique}'
}
var tags = {
  application: 'plenary'
  environment: environmentName
}
var baseUrl = empty(customUrl) ? 'https://${names.functionApp}.azurewebsites.net' : customUrl

module identity 'modules/identity.bicep' = {
  name: 'identity'
  params: {
    name: names.identity
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: {
    workspaceName: names.workspace
    insightsName: names.insights
    location: location
    tags: tags
    keepDays: keepLogsDays
    alertAddresses: alertAddresses
    alertsEnabled: alertsEnabled
    baseUrl: baseUrl
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  params: {
    hostName: names.hostStorage
    dataName: names.dataStorage
    location: location
    tags: tags
    sku: storageSku
    isPrivate: privateNetworking
    operatorAddresses: operatorAddresses
    keepDeletedDays: keepDeletedDays
    tableNames: tableNames
    documentContainer: documentContainer
    selectionContainer: selectionContainer
    versionContainer: versionContainer
    packageContainer: packageContainer
  }
}

module serviceBus 'modules/serviceBus.bicep' = {
  name: 'serviceBus'
  params: {
    name: names.serviceBus
    location: location
    tags: tags
    queueNames: queueNames
  }
}

module keyVault 'modules/keyVault.bicep' = {
  name: 'keyVault'
  params: {
    name: names.keyVault
    location: location
    tags: tags
    isPrivate: privateNetworking
    purgeProtection: vaultPurgeProtection
    workspaceId: monitoring.outputs.workspaceId
    sendGridApiKey: sendGridApiKey
    linkPepper: linkPepper
    linkPepperBefore: linkPepperBefore
  }
}

module roles 'modules/roles.bicep' = {
  name: 'roles'
  params: {
    principalId: identity.outputs.principalId
    operatorsGroupId: operatorsGroupId
    hostStorageName: storage.outputs.hostName
    dataStorageName: storage.outputs.dataName
    serviceBusName: serviceBus.outputs.name
    keyVaultName: keyVault.outputs.name
    insightsName: monitoring.outputs.insightsName
  }
}

module network 'modules/network.bicep' = if (privateNetworking) {
  name: 'network'
  params: {
    name: names.network
    location: location
    tags: tags
    hostStorageId: storage.outputs.hostId
    dataStorageId: storage.outputs.dataId
    keyVaultId: keyVault.outputs.id
  }
}

module functionApp 'modules/functionApp.bicep' = {
  name: 'functionApp'
  params: {
    name: names.functionApp
    planName: names.functionPlan
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    subnetId: privateNetworking ? network!.outputs.appSubnetId : ''
    maximumInstances: maximumInstances
    alwaysReadyInstances: alwaysReadyInstances
    hostBlobEndpoint: storage.outputs.hostBlobEndpoint
    packageContainer: packageContainer
    dataTableEndpoint: storage.outputs.dataTableEndpoint
    dataBlobEndpoint: storage.outputs.dataBlobEndpoint
    serviceBusEndpoint: serviceBus.outputs.endpoint
    insightsName: monitoring.outputs.insightsName
    sendGridApiKeyReference: keyVault.outputs.sendGridApiKeyReference
    linkPepperReference: keyVault.outputs.linkPepperReference
    linkPepperBeforeReference: rotatingLinkPepper ? keyVault.outputs.linkPepperBeforeReference : ''
    baseUrl: baseUrl
    signInClientId: signInClientId
    signInTenantId: signInTenantId
    organisationName: organisationName
    organisationFullName: organisationFullName
    organisationContactAddress: organisationContactAddress
    organisationZone: organisationZone
    mailFromAddress: mailFromAddress
    mailFromName: mailFromName
    mailReplyToAddress: mailReplyToAddress
    mailSandbox: mailSandbox
    mailTimeoutSeconds: mailTimeoutSeconds
    secretariatAddress: secretariatAddress
    secretariatName: secretariatName
    mailWebhookPublicKey: mailWebhookPublicKey
    agendaSchedule: agendaSchedule
  }
  // The app asks the vault for its secrets when it starts, so the right to do so comes first.
  dependsOn: [roles]
}

output functionAppName string = functionApp.outputs.name
output functionAppHost string = functionApp.outputs.host
output url string = baseUrl
output dataStorageAccount string = storage.outputs.dataName
output versionContainer string = versionContainer
output keyVaultName string = keyVault.outputs.name
