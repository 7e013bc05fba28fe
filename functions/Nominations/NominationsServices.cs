using Microsoft.Extensions.DependencyInjection;
using Plenary.Agenda;
using Plenary.Mail;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Nominations;

public static class NominationsServices
{
    public static IServiceCollection AddNominations(this IServiceCollection services)
    {
        services.AddSingleton<NominationTable>();
        services.AddSingleton<IExtensions>(provider => provider.GetRequiredService<NominationTable>());
        services.AddSingleton<INominations, ReadNominations>();
        services.AddSingleton<DeskLetters>();
        services.AddScoped<OpenDesk>();
        services.AddScoped<OpenVacancy>();
        services.AddScoped<EndVacancy>();
        services.AddScoped<NameReplacement>();
        services.AddScoped<RevokeDeskLinks>();
        services.AddScoped<EarlierProjects>();
        services.AddScoped<JudgedChange>();
        services.AddScoped<Nominate>();
        services.AddSingleton<PersonTable>();
        services.AddScoped<IndexPeople>();
        services.AddScoped<FindSamePeople>();
        services.AddScoped<NominateInBulk>();
        services.AddScoped<OpenDocument>();
        services.AddScoped<UploadForm>();
        services.AddScoped<SaveNomination>();
        services.AddScoped<SubmitNomination>();
        services.AddScoped<AskEndorser>();
        services.AddScoped<AnswerEndorsement>();
        services.AddScoped<WithdrawNomination>();
        services.AddScoped<RankNominees>();
        services.AddScoped<SetNationalDate>();
        services.AddScoped<InviteDrafter>();
        services.AddScoped<RevokeDraftLink>();
        services.AddScoped<GrantExtension>();
        services.AddScoped<UploadDocument>();
        services.AddScoped<CheckDocument>();
        services.AddScoped<SettleDocument>();
        services.AddScoped<RemoveDocument>();
        services.AddSingleton<IDocumentScanner, StructureScanner>();
        services.AddScoped<DeskDoor>();
        services.AddScoped<DeskPages>();
        services.AddScoped<IComposeMail, CirculationMail>();
        services.AddScoped<IComposeMail, NominationMails>();
        services.AddScoped<IComposeMail, EndorsementMails>();
        services.AddScoped<IRemind, EndorsementReminder>();
        services.AddScoped<IComposeMail, DraftMails>();
        services.AddScoped<IComposeMail, ExtensionMails>();
        services.AddScoped<IComposeMail, ReplacementMail>();
        services.AddScoped<IRemind, RemindBeforeClosing>();
        services.AddScoped<IProjectPanel, ExtensionsPanel>();
        services.AddStore(NominationTable.Name);
        services.AddStore(PersonTable.Name);
        services.AddContainer(DocumentStore.Container);
        return services;
    }
}
