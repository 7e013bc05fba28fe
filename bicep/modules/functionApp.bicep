// The app itself on Flex Consumption: .NET 10 isolated, everything it reaches by identity, everything it must know as a setting.
// A setting is named here as the code names it, with __ for the colon; tests/Deploy.Tests compares the list with the code.
//
// Sign-in: App Service authentication hands the id token of Entra on (header X-MS-TOKEN-AAD-ID-TOKEN, only with the token store),
// and the code validates it itself. Anonymous requests pass: most pages are public or for whoever holds a personal link. No client
// secret: the app registration issues id tokens by itself ("ID tokens" under Authentication). A session ends with its token.
@maxLength(32)
param name string
param planName string
param location string
param tags object
param identityId string
param identityClientId string

@description('Empty: no network of its own.')
param subnetId string
param maximumInstances int
param alwaysReadyInstances int
param hostBlobEndpoint string
param packageContainer string
param dataTableEndpoint string
param dataBlobEndpoint string
param serviceBusEndpoint string
param insightsName string
param sendGridApiKeyReference string
param linkPepperReference string
param linkPepperBeforeReference string
param baseUrl string
param signInClientId string
param signInTenantId string
param organisationName string
param organisationFullName string
param organisationContactAddress string
param organisationZone string
param mailFromAddress string
param mailFromName string
param mailReplyToAddress string
param mailSandbox bool
param mailTimeoutSeconds int
param secretariatAddress string
param secretariatName string
param mailWebhookPublicKey string
param agendaSchedule string

var authority = '${environment().authentication.loginEndpoint}${signInTenantId}/v2.0'
var settings = {
  // Read by the host.
  AzureWebJobsStorage__blobServiceUri: hostBlobEndpoint
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  AzureWebJobsDisableHomepage: 'true'
  ServiceBus__fullyQualifiedNamespace: serviceBusEndpoint
  ServiceBus__credential: 'managedidentity'
  ServiceBus__clientId: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'

  // Read by the app.
  Azure__TablesEndpoint: dataTableEndpoint
  Azure__BlobsEndpoint: dataBlobEndpoint
  Azure__ServiceBusNamespace: serviceBusEndpoint
  Azure__ClientId: identityClientId
  SendGrid__ApiKey: sendGridApiKeyReference
  SendGrid__Host: 'https://api.sendgrid.com'
  SendGrid__FromAddress: mailFromAddress
  SendGrid__FromName: mailFromName
  SendGrid__ReplyToAddress: mailReplyToAddress
  SendGrid__Sandbox: mailSandbox ? 'true' : 'false'
  SendGrid__TimeoutSeconds: string(mailTimeoutSeconds)
  Organisation__Name: organisationName
  Organisation__FullName: organisationFullName
  Organisation__ContactAddress: organisationContactAddress
  Organisation__Zone: organisationZone
  Access__BaseUrl: baseUrl
  Access__LinkPepper: linkPepperReference
  Access__LinkPepperBefore: linkPepperBeforeReference
  Access__Authority: authority
  Access__Audience: signInClientId
  Mail__SecretariatAddress: secretariatAddress
  Mail__SecretariatName: secretariatName
  Mail__WebhookPublicKey: mailWebhookPublicKey
  Agenda__Schedule: agendaSchedule
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostBlobEndpoint}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: 2048
        maximumInstanceCount: maximumInstances
        alwaysReady: alwaysReadyInstances == 0 ? [] : [
          {
            name: 'http'
            instanceCount: alwaysReadyInstances
          }
        ]
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
    }
  }
}

resource appSettings 'Microsoft.Web/sites/config@2024-11-01' = {
  parent: app
  name: 'appsettings'
  properties: settings
}

// Deployment too is by identity: no user names and passwords for publishing.
resource noScmPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'scm'
  properties: { allow: false }
}

resource noFtpPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'ftp'
  properties: { allow: false }
}

resource authentication 'Microsoft.Web/sites/config@2024-11-01' = {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: { enabled: true }
    globalValidation: {
      requireAuthentication: false
      unauthenticatedClientAction: 'AllowAnonymous'
    }
    httpSettings: { requireHttps: true }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: signInClientId
          openIdIssuer: authority
        }
        validation: { allowedAudiences: [signInClientId] }
      }
    }
    login: {
      cookieExpiration: { convention: 'IdentityProviderDerived' }
      tokenStore: { enabled: true }
    }
  }
  // Two changes of one app's configuration at a time meet as a conflict.
  dependsOn: [appSettings]
}

output name string = app.name
output host string = app.properties.defaultHostName
